import { afterEach, expect, it } from 'vitest';
import { type PluginProcess, startPlugin } from '../../../../../test/support/plugin-process.ts';

let sample: PluginProcess | undefined;

afterEach(async () => {
  sample?.signal('SIGKILL');
  await sample?.ended;
});

// Nobody listens on port 1.
const environment = { PORT: '0', GATEWAY_URL: 'http://127.0.0.1:1' };

it('serves without a gateway, and ends well', async () => {
  sample = startPlugin('sample-analytics', environment);
  const [, url] = await sample.logged(/sample-analytics serves (http:\/\/127\.0\.0\.1:\d+)/);
  const reply = await fetch(`${url}/health`);
  expect(await reply.json()).toMatchObject({ status: 'ok', plugin: 'sample-analytics' });
  sample.signal('SIGTERM');
  expect(await sample.ended).toBe(0);
});

it.each([
  [{ SAMPLE_ANALYTICS_CONFIG: '{' }, 'SAMPLE_ANALYTICS_CONFIG must be JSON'],
  [{ SAMPLE_ANALYTICS_CONFIG: '{"apiKey":"short"}' }, 'apiKey'],
  [{ PORT: 'x' }, 'sample-analytics: PORT must be a number'],
])('refuses to start with %j', async (wrong, message) => {
  sample = startPlugin('sample-analytics', { ...environment, ...wrong });
  expect(await sample.ended).toBe(1);
  expect(sample.errors()).toContain(message);
});
