import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ANALYTICS, CRM, route, startGateway } from '../../runtime/gateway/testing/start-gateway.ts';
import { type SeenRequest, startPlugin } from '../../runtime/gateway/testing/start-plugin.ts';
import { EVIL, SMUGGLED } from './hostile-body.ts';
import type { Credentials } from './hostile-headers.ts';
import { type HostileRequest, hostileRequests } from './hostile-requests.ts';

/** `FUZZ_RUNS` and `FUZZ_SEED` make it longer, and make it the same again. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 3000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_124);
/** So many connections are made before tokens and contexts are new ones: they would end meanwhile. */
const WITH_SAME_TOKENS = 3000;
/** A connection that is neither answered nor closed for so long hangs, in milliseconds. */
const HANG = 8_000;

const ROUTES = CRM.routes.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll(/:[^/]+/g, '[^/]+')}(\\?.*)?$`),
}));

it('is never made to crash, to answer 500, or to tell a plugin what the rules forbid', async () => {
  const crm = await startPlugin();
  const analytics = await startPlugin();
  const gateway = await startGateway({
    plugins: [CRM, { ...ANALYTICS, routes: [route('POST /reports')] }],
    upstreams: { 'plugin-crm': crm.url, 'plugin-analytics': analytics.url },
    config: { maxBody: 4096, timeout: 2_000, circuit: { failures: 1_000_000, window: 1_000, open: 1_000 } },
  });
  try {
    const statuses = new Map<string, number>();
    for (let made = 0; made < RUNS; made += WITH_SAME_TOKENS) {
      const credentials = {
        userToken: await gateway.userToken({ permissions: ['contacts:write'] }),
        pluginToken: await gateway.pluginToken('plugin-analytics'),
        context: await gateway.context.contexts.issue(
          { tenantId: 'acme', permissions: [] },
          'plugin-analytics',
        ),
      };
      await fc.assert(
        fc.asyncProperty(hostileRequests(credentials), async (request) => {
          const [before, alsoBefore] = [crm.seen.length, analytics.seen.length];
          const answer = await send(gateway.port, request);
          for (const [, status = ''] of answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
            expect(status).not.toBe('500');
          }
          expectNoSecrets([...crm.seen.slice(before), ...analytics.seen.slice(alsoBefore)], credentials);
          for (const seen of crm.seen.slice(before)) expectAllowed(seen);
        }),
        { numRuns: Math.min(WITH_SAME_TOKENS, RUNS - made), seed: SEED + made, endOnFailure: true },
      );
    }
    const alive = await fetch(`${gateway.url}/plugin-crm/contacts`, {
      headers: { authorization: `Bearer ${await gateway.userToken()}` },
    });
    expect(alive.status).toBe(200);
    expect(gateway.journal.lines.filter(({ level }) => level === 50 || level === 60)).toEqual([]);
    console.log(table(statuses, crm.seen.length + analytics.seen.length));
  } finally {
    await gateway.close();
    await crm.close();
    await analytics.close();
  }
}, 600_000);

/** That plugins get neither what a client must not say, nor what is not theirs to know. */
function expectNoSecrets(seen: readonly SeenRequest[], credentials: Credentials): void {
  const heard = JSON.stringify(seen.map(({ target, rawHeaders }) => [target, rawHeaders]));
  for (const secret of [EVIL, SMUGGLED, ...Object.values(credentials)]) expect(heard).not.toContain(secret);
}

/** That CRM is asked for what its manifest lists, in the name of who may ask for it. */
function expectAllowed({ method, target, headers }: SeenRequest): void {
  const listed = ROUTES.some(
    (one) =>
      one.pattern.test(target) && (one.method === method || (method === 'HEAD' && one.method === 'GET')),
  );
  expect([method, target, listed]).toEqual([method, target, true]);
  const isPublic = /^\/public(\?|$)/.test(target);
  expect(headers['x-tenant-id'] ?? (isPublic ? 'acme' : undefined)).toBe('acme');
  if (headers['x-caller-plugin-id'] !== 'plugin-analytics') expect(target).not.toMatch(/^\/internal/);
  else expect(`${method} ${target.replace(/\?.*/, '')}`).toMatch(/^(GET|HEAD) \/contacts(\/[^/]+)?$/);
}

/** Everything that came back until the gateway closed the connection. */
async function send(port: number, { pieces }: HostileRequest): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  // A connection that is reset was refused; what came before counts.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'connect');
  for (const piece of pieces) {
    if (socket.writable) socket.write(piece);
    await setImmediate();
  }
  if (socket.writable) socket.end();
  const timer = setTimeout(() => {
    received += `HANGS after ${JSON.stringify(Buffer.concat(pieces).toString('latin1'))}`;
    socket.destroy();
  }, HANG);
  await closed;
  clearTimeout(timer);
  expect(received).not.toContain('HANGS after');
  return received;
}

function table(statuses: ReadonlyMap<string, number>, reached: number): string {
  const rows = [...statuses].sort().map(([status, count]) => `  ${status}  ${count}`);
  return [
    `${RUNS} connections (seed ${SEED}), ${reached} requests reached a plugin; answers by status:`,
    ...rows,
  ].join('\n');
}
