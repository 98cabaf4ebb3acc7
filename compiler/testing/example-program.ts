import { toValue } from '../ir/document.ts';
import type { Program } from '../ir/program.ts';
import { parseYaml } from '../parse/parse-yaml.ts';
import { programOf } from './program-of.ts';

/** The examples of a rule's page, or of another kind's. */
export interface ExamplePage {
  /** `PLX3002 unknown-service`. */
  readonly title: string;
  /** Of all second-level headings, in order. */
  readonly headings: readonly string[];
  /** What stands under a heading, up to the next one. */
  section(heading: string): string;
}

export function readExamplePage(markdown: string): ExamplePage {
  const [head = '', ...parts] = markdown.split(/^## /m);
  const sections = new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1).trim()];
    }),
  );
  return {
    title: /^# (.*)$/m.exec(head)?.[1] ?? '',
    headings: [...sections.keys()],
    section: (heading) => sections.get(heading) ?? '',
  };
}

/** The workspace that a section shows: each `json` block is a whole manifest, a `yaml` block is plexica.yaml. */
export function exampleProgram(section: string): Program {
  const files: Record<string, string> = {};
  for (const [index, text] of blocks(section, 'json').entries()) {
    files[`plugins/example-${index + 1}/plugin.json`] = text;
  }
  const [workspace] = blocks(section, 'yaml');
  return programOf(files, workspace === undefined ? {} : { workspace: yamlValue(workspace) });
}

function blocks(section: string, language: string): string[] {
  return Array.from(
    section.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm')),
    ([, text = '']) => text,
  );
}

function yamlValue(text: string): object {
  const { value } = parseYaml({ path: 'plexica.yaml', text });
  const plain = value && toValue(value);
  if (typeof plain !== 'object' || plain === null) throw new TypeError(`no YAML object: ${text}`);
  return plain;
}
