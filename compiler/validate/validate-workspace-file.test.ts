import { describe, expect, it } from 'vitest';
import { parseYaml } from '../parse/parse-yaml.ts';
import { listFindings } from '../testing/list-findings.ts';
import { validateWorkspaceFile } from './validate-workspace-file.ts';

const PLUGINS = 'plugins: [a/plugin.json]\n';

describe('validateWorkspaceFile', () => {
  it('puts variables in and reads what results as YAML would', () => {
    const text = `${PLUGINS}out: "\${OUT}"\ngateway: { port: "\${PORT:-4000}", host: "\${HOST:-::1}" }\n`;

    expect(validate(text, { OUT: 'built' }).value?.value).toMatchObject({
      out: 'built',
      gateway: { port: 4000, host: '::1' },
    });
  });

  it('leaves a variable of the deployment open', () => {
    const text = `${PLUGINS}gateway: { port: "\${PORT}" }\nidentity: { provider: "\${PROVIDER}" }\n`;
    const { value, diagnostics } = validate(text);

    expect(diagnostics).toEqual([]);
    expect(value?.value).toMatchObject({ gateway: { port: '${PORT}' } });
  });

  it.each([
    [
      'plugins: ["${WHERE}/plugin.json"]\n',
      'PLX2008 1:11 "${WHERE}/plugin.json": the variable WHERE has no value and no default',
    ],
    [
      `${PLUGINS}out: \${A}\${B}\n`,
      'PLX2008 2:6 ${A}${B}: the variables A and B have no value and no default',
    ],
    [
      `${PLUGINS}gateway: { publicUrl: "\${URL}" }\n`,
      'PLX2008 2:23 "${URL}": the variable URL has no value and no default',
    ],
  ])('needs the variables that the compiler reads: %j', (text, finding) => {
    expect(listFindings(validate(text).diagnostics)).toEqual([finding]);
  });

  it.each([
    ['out: x\n', 'PLX2002 1:1 o: plexica.yaml lacks "plugins"'],
    ['plugin: [a]\n', 'PLX2001 1:1 plugin: "plugin" is not a key of plexica.yaml'],
    ['plugins: a/plugin.json\n', 'PLX2003 1:10 a/plugin.json: plugins must be a list, not a string'],
    ['plugins: []\n', 'PLX2006 1:1 plugins: plugins is an empty list'],
    ['just words\n', 'PLX2003 1:1 just words: plexica.yaml must be a map, not a string'],
    [
      `${PLUGINS}upstreams: { plugin-crm: }\n`,
      'PLX2003 2:14 plugin-crm: upstreams.plugin-crm must be a map, not null',
    ],
  ])('cannot go on from %j', (text, finding) => {
    const { value, diagnostics } = validate(text);

    expect(listFindings(diagnostics)).toEqual([finding]);
    expect(value).toBeUndefined();
  });

  it.each([
    ['health: { interval: 5 s }', 'PLX2005 2:21 5 s: "5 s" is not a duration'],
    ['gateway: { port: 70000 }', 'PLX2006 2:18 70000: gateway.port must be 65535 or less'],
    ['gateway: { maxBody: 10MB }', 'PLX2005 2:21 10MB: "10MB" is not a size'],
    [
      'identity: { provider: oidc }',
      'PLX2004 2:23 oidc: identity.provider must be "development" or "jwt", not "oidc"',
    ],
    [
      'identity: { jwt: { issuer: a, audience: b } }',
      'PLX2007 2:13 jwt: identity.jwt needs one of "jwksUri", "publicKeyFile" or "secret"',
    ],
    [
      'identity: { jwt: { issuer: a, audience: b, publicKeyFile: c, jwksUri: http://d } }',
      'PLX2007 2:62 jwksUri: identity.jwt may have only one of "jwksUri", "publicKeyFile" or "secret"',
    ],
    ['colour: red', 'PLX2001 2:1 colour: "colour" is not a key of plexica.yaml'],
  ])('goes on without what only the gateway reads: %s', (text, finding) => {
    const { value, diagnostics } = validate(`${PLUGINS}${text}\n`);

    expect(listFindings(diagnostics)).toEqual([finding]);
    expect(value?.value.plugins).toEqual(['a/plugin.json']);
  });

  it('calls the file by its own name', () => {
    expect(validate('a: 1\n', {}, 'deploy/staging.yaml').diagnostics.map(({ message }) => message)).toEqual([
      'staging.yaml lacks "plugins"',
      '"a" is not a key of staging.yaml',
    ]);
  });
});

function validate(text: string, environment: Record<string, string> = {}, path = 'plexica.yaml') {
  const file = { path, text };
  const root = parseYaml(file).value;
  if (root === undefined) throw new Error(`${text} does not parse`);
  return validateWorkspaceFile(file, root, environment);
}
