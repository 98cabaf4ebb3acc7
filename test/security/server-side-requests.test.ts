import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRM } from '../../runtime/gateway/testing/start-gateway.ts';
import { startPlugin, type TestPlugin } from '../../runtime/gateway/testing/start-plugin.ts';
import { register, registrationOf } from './support/register.ts';
import { type Bystander, startBystander } from './support/start-bystander.ts';
import { last, lastWith, startTarget, type Target } from './support/start-target.ts';

let bystander: Bystander;
let instance: TestPlugin;
let target: Target;
let asCrm: string;
beforeAll(async () => {
  bystander = await startBystander();
  instance = await startPlugin();
  target = await startTarget({
    plugins: [CRM],
    validation: {},
    settings: {
      'plugin-crm': {
        allowRegistration: [instance.url.origin, 'https://*.plugins.example', 'http://[fd00::1]:3100'],
      },
    },
  });
  const token = await target.gateway.pluginToken('plugin-crm');
  target.keepSecret(token);
  asCrm = `Authorization: Bearer ${token}`;
});
afterAll(async () => {
  await target.close();
  await instance.close();
  await bystander.close();
});

const instances = () => target.gateway.context.instances.healthOf('plugin-crm').instances.length;

describe('an instance cannot register', () => {
  /** The bystander's port, where it says PORT. */
  it.each([
    // Another scheme, or none.
    'file:///etc/passwd',
    'ftp://127.0.0.1:PORT',
    'gopher://127.0.0.1:PORT/_x',
    'ws://127.0.0.1:PORT',
    'wss://127.0.0.1:PORT',
    'unix:/var/run/docker.sock',
    'http+unix://%2Fvar%2Frun%2Fdocker.sock',
    'javascript:alert(1)',
    'data:application/json,{}',
    'blob:http://127.0.0.1:PORT',
    'jar:http://127.0.0.1:PORT!/',
    'http:127.0.0.1:PORT',
    'http:/127.0.0.1:PORT',
    'http:\\\\127.0.0.1:PORT',
    '//127.0.0.1:PORT',
    '127.0.0.1:PORT',
    '/etc/passwd',
    '',
    ' ',
    'http://',
    'http://:PORT',
    'http://?',
    // Other ways of writing an address.
    'http://127.0.0.1:PORT',
    'http://127.0.0.1',
    'http://127.1:PORT',
    'http://127.0.1:PORT',
    'http://0:PORT',
    'http://0.0.0.0:PORT',
    'http://2130706433:PORT',
    'http://0x7f000001:PORT',
    'http://0x7f.0.0.1:PORT',
    'http://0177.0.0.1:PORT',
    'http://017700000001:PORT',
    'http://127.0.0.1.:PORT',
    'http://127。0。0。1:PORT',
    'http://１２７.0.0.1:PORT',
    'http://①②⑦.0.0.1:PORT',
    'http://[::1]:PORT',
    'http://[::]:PORT',
    'http://[::ffff:127.0.0.1]:PORT',
    'http://[::ffff:7f00:1]:PORT',
    'http://[0:0:0:0:0:ffff:127.0.0.1]:PORT',
    'http://[::127.0.0.1]:PORT',
    'http://[64:ff9b::127.0.0.1]:PORT',
    'http://[fe80::1%25lo]:PORT',
    'http://[fd00::1]:3101',
    'http://[fd00::2]:3100',
    'http://localhost:PORT',
    'http://LOCALHOST:PORT',
    'http://localhost.:PORT',
    'http://x.localhost:PORT',
    'http://169.254.169.254/latest/meta-data',
    'http://2852039166',
    'http://0xA9FEA9FE',
    'http://0251.0376.0251.0376',
    'http://169.254.43518',
    'http://[::ffff:169.254.169.254]',
    'http://[::ffff:a9fe:a9fe]',
    'http://[fd00:ec2::254]',
    'http://metadata.google.internal/computeMetadata/v1',
    'http://100.100.100.200',
    'http://168.63.129.16',
    'http://10.0.0.1',
    'http://192.168.0.1',
    // Names that look like one that is allowed.
    'https://plugins.example',
    'https://a.b.plugins.example',
    'https://.plugins.example',
    'https://plugins.example.evil.example',
    'https://evilplugins.example',
    'https://a.plugins.example.',
    'https://a.plugins.example:8443',
    'http://a.plugins.example',
    'https://a.plugins.example@evil.example',
    'https://evil.example/a.plugins.example',
    'https://evil.example#a.plugins.example',
    'https://evil.example?a.plugins.example',
    'https://evil.example\\.plugins.example',
    'https://evil.example%23.plugins.example',
    'https://evil.example%2f.plugins.example',
    'https://evil.example\u0000.plugins.example',
    'https://evil.example\n.plugins.example',
    'https://evil.example\t.plugins.example',
    'https://*.plugins.example',
    // A user, a query, a way out of its path.
    'http://ALLOWED@127.0.0.1:PORT',
    'http://user@ALLOWED',
    'http://user:pass@ALLOWED',
    'http://@ALLOWED',
    'http://ALLOWED?x=y',
    'http://ALLOWED#x',
    'http://ALLOWED/a;b',
    'http://ALLOWED/a%2f..%2fb',
    'http://ALLOWED/%2e%2e/b',
    'http://ALLOWED//evil.example',
    'http://ALLOWED\\@evil.example',
    'http://ALLOWED /x',
    'http://ALLOWED\r\nX-Evil: 1',
    'http://ALLOWED/\r\nX-Evil:1',
  ])('at %j', async (text) => {
    const baseUrl = text.replace('PORT', String(bystander.port)).replace('ALLOWED', instance.url.host);
    const before = instances();
    // `%2e%2e` leads up, which is nowhere else: what is registered is what the client will ask.
    const harmless = text === 'http://ALLOWED/%2e%2e/b';
    for (const body of [registrationOf(baseUrl), registrationOf(baseUrl, { baseUrl })]) {
      const answer = await register(target, body, asCrm);
      expect(harmless ? [201] : [400, 403]).toContain(answer.status);
    }
    if (harmless) return void (await remove());
    expect(instances()).toBe(before);
    const heartbeat = lastWith(
      'POST /services/plugin-crm/heartbeat',
      JSON.stringify({ baseUrl }),
      asCrm,
      'Content-Type: application/json',
    );
    expect(await target.send(heartbeat)).toMatchObject([
      { status: expect.toSatisfy((code) => code === 400 || code === 404) },
    ]);
    expect(bystander.asked).toEqual([]);
  });

  it.each([7, null, true, [], ['http://127.0.0.1'], { href: 'http://127.0.0.1' }, 'x'.repeat(2_001)])(
    'at something that is no text, or too long: %j',
    async (baseUrl) => {
      expect(await register(target, registrationOf(baseUrl), asCrm)).toMatchObject({ status: 400 });
    },
  );

  it('at two places at once', async () => {
    const elsewhere = { baseUrl: `http://${bystander.host}` };
    for (const body of [
      registrationOf(instance.url.origin, elsewhere),
      registrationOf(`http://${bystander.host}`, { baseUrl: instance.url.origin }),
    ]) {
      expect((await register(target, body, asCrm)).status).toBe(400);
    }
    // A member that stands twice is read once, for the check and for the call.
    const twice = JSON.stringify(registrationOf(instance.url.origin)).replace(
      '{',
      `{"baseUrl":"http://${bystander.host}","baseUrl":"${instance.url.origin}",`,
    );
    await register(target, twice, asCrm);
    await remove();
    expect(bystander.asked).toEqual([]);
  });
});

async function remove() {
  await target.send(last('DELETE /services/plugin-crm/crm.contacts', asCrm));
}
