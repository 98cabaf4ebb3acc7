import { expect, test } from 'vitest';
import type { RetryOptions } from './retry.ts';
import { connect } from './testing/connect.ts';
import { contactsEndpoint } from './testing/endpoints.ts';
import { instantTiming, manualTiming } from './testing/manual-timing.ts';
import { type Reply, startServer } from './testing/test-server.ts';

const read = contactsEndpoint();
const create = contactsEndpoint({ method: 'POST', idempotent: false });
const PASSING: readonly Reply[] = [
  { status: 429 },
  { status: 502 },
  { status: 503 },
  { status: 504 },
  'drop',
];
const LASTING: readonly Reply[] = [
  { status: 400 },
  { status: 404 },
  { status: 409 },
  { status: 500 },
  { status: 501 },
];
const outcome = (reply: Reply) => ({ reply, title: JSON.stringify(reply) });

test.for(PASSING.map(outcome))('tries an idempotent call again after $title', async ({ reply }) => {
  const server = await startServer((_, count) => (count < 3 ? reply : { text: '"well"' }));
  const timing = instantTiming();
  expect(await connect(server, { timing }).call(read)).toBe('well');
  expect(timing.delays).toEqual([50, 100]);
});

test.for(PASSING.map(outcome))('tries no other call again after $title', async ({ reply }) => {
  const server = await startServer(() => reply);
  const code = reply === 'drop' ? 'network' : expect.stringMatching(/^http-/);
  await expect(connect(server, { retry: { attempts: 5 } }).call(create)).rejects.toMatchObject({ code });
  expect(server.received).toHaveLength(1);
});

test.for(LASTING.map(outcome))('tries nothing again after $title', async ({ reply }) => {
  const server = await startServer(() => reply);
  await expect(connect(server).call(read)).rejects.toThrow();
  expect(server.received).toHaveLength(1);
});

test.for<{ client: RetryOptions | false | undefined; call?: RetryOptions | false; delays: number[] }>([
  { client: undefined, delays: [50, 100] },
  { client: false, delays: [] },
  { client: { attempts: 1 }, delays: [] },
  { client: { attempts: 5, maxMs: 300 }, delays: [50, 100, 150, 150] },
  { client: { attempts: 5 }, call: { attempts: 2, baseMs: 10 }, delays: [5] },
  { client: { attempts: 5 }, call: false, delays: [] },
  { client: false, call: { attempts: 2 }, delays: [50] },
])('backs off by $delays with $client and $call', async ({ client, call, delays }) => {
  const server = await startServer(() => ({ status: 503 }));
  const timing = instantTiming();
  const sent = connect(server, { timing, retry: client }).call(read, {}, { retry: call });
  await expect(sent).rejects.toMatchObject({ status: 503 });
  expect(timing.delays).toEqual(delays);
  expect(server.received).toHaveLength(delays.length + 1);
});

test.for([
  { header: '2', delays: [2050] },
  { header: '0', delays: [50] },
  { header: 'Thu, 01 Jan 2026 00:00:03 GMT', delays: [3050] },
  { header: 'Wed, 31 Dec 2025 00:00:00 GMT', delays: [50] },
  { header: 'soon', delays: [50] },
  { header: '6', delays: [] },
])('honours Retry-After: $header', async ({ header, delays }) => {
  const limited = { status: 429, headers: { 'retry-after': header } };
  const server = await startServer((_, count) => (count === 1 ? limited : { text: '"well"' }));
  const timing = instantTiming();
  const answer = await connect(server, { timing })
    .call(read)
    .catch((error: unknown) => error);
  expect(timing.delays).toEqual(delays);
  if (delays.length > 0) expect(answer).toBe('well');
  else expect(answer).toMatchObject({ status: 429, retryAfterMs: 6000 });
});

test('says how a gateway that is away was not reached, without its address', async () => {
  const server = await startServer(() => 'hang');
  await server.close();
  const timing = instantTiming();
  await expect(connect(server, { timing }).call(read)).rejects.toMatchObject({
    code: 'network',
    status: 0,
    message: 'GET /contacts of crm.contacts: the gateway cannot be reached (ECONNREFUSED)',
    cause: expect.any(Error),
  });
  expect(timing.delays).toHaveLength(2);
});

test('gives up when the time is over, whatever the retries', async () => {
  const server = await startServer(() => 'hang');
  const call = connect(server).call(read, {}, { timeoutMs: 20, retry: { attempts: 9 } });
  await expect(call).rejects.toMatchObject({
    code: 'timeout',
    status: 0,
    message: expect.stringContaining('no answer within 20 ms'),
  });
  expect(server.received.length).toBeLessThan(2);
});

test('the time runs on between two tries', async () => {
  const server = await startServer(() => ({ status: 503 }));
  const call = connect(server, { timing: manualTiming(), timeoutMs: 40 }).call(read);
  await expect(call).rejects.toMatchObject({ code: 'timeout' });
  expect(server.received.length).toBeLessThan(2);
});

test('the time covers the body too', async () => {
  const server = await startServer(() => ({ headers: { 'content-length': '9' }, text: 'short' }));
  const call = connect(server).call(read, {}, { timeoutMs: 60, retry: false });
  await expect(call).rejects.toMatchObject({ code: 'timeout' });
});

test('no limit is no limit', async () => {
  const slow = () => new Promise<Reply>((resolve) => setTimeout(resolve, 25, { text: '"well"' }));
  const server = await startServer(slow);
  expect(await connect(server, { timeoutMs: Number.POSITIVE_INFINITY }).call(read)).toBe('well');
});

test('sends nothing once it is aborted', async () => {
  const server = await startServer(() => ({ text: '1' }));
  const call = connect(server).call(read, {}, { signal: AbortSignal.abort('enough') });
  await expect(call).rejects.toMatchObject({ code: 'aborted', cause: 'enough' });
  expect(server.received).toEqual([]);
});

test('is aborted while the gateway works, and tries nothing again', async () => {
  const abort = new AbortController();
  const server = await startServer(() => {
    abort.abort('enough');
    return 'hang';
  });
  const timing = instantTiming();
  const call = connect(server, { timing }).call(read, {}, { signal: abort.signal });
  await expect(call).rejects.toMatchObject({ code: 'aborted', status: 0, cause: 'enough' });
  expect([server.received.length, timing.delays.length]).toEqual([1, 0]);
});

test('is aborted between two tries', async () => {
  const server = await startServer(() => ({ status: 503 }));
  const abort = new AbortController();
  const timing = manualTiming();
  const call = connect(server, { timing }).call(read, {}, { signal: abort.signal });
  await timing.next();
  abort.abort();
  await expect(call).rejects.toMatchObject({ code: 'aborted' });
  expect(server.received).toHaveLength(1);
});
