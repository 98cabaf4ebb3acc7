import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ANALYTICS, CRM, route, startGateway } from '../../runtime/gateway/testing/start-gateway.ts';
import { startPlugin } from '../../runtime/gateway/testing/start-plugin.ts';
import { EVIL, SMUGGLED } from './hostile-body.ts';
import { type HostileRequest, hostileRequests } from './hostile-requests.ts';

/** `FUZZ_RUNS` and `FUZZ_SEED` make it longer, and make it the same again. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 3000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_124);
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
    const credentials = {
      userToken: await gateway.userToken({ permissions: ['contacts:write'] }),
      pluginToken: await gateway.pluginToken('plugin-analytics'),
      context: await gateway.context.contexts.issue(
        { tenantId: 'acme', permissions: [] },
        'plugin-analytics',
      ),
    };
    const statuses = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(hostileRequests(credentials), async (request) => {
        const [before, alsoBefore] = [crm.seen.length, analytics.seen.length];
        const answer = await send(gateway.port, request);
        for (const [, status = ''] of answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          expect(status).not.toBe('500');
        }
        for (const seen of [...crm.seen.slice(before), ...analytics.seen.slice(alsoBefore)]) {
          const heard = JSON.stringify([seen.target, seen.rawHeaders]);
          expect(heard).not.toContain(EVIL);
          expect(heard).not.toContain(SMUGGLED);
          expect(heard).not.toContain(credentials.userToken);
          expect(heard).not.toContain(credentials.pluginToken);
          expect(heard).not.toContain(credentials.context);
        }
        for (const { method, target, headers } of crm.seen.slice(before)) {
          const allowed = ROUTES.some(
            (one) =>
              one.pattern.test(target) &&
              (one.method === method || (method === 'HEAD' && one.method === 'GET')),
          );
          expect([method, target, allowed]).toEqual([method, target, true]);
          const isPublic = /^\/public(\?|$)/.test(target);
          expect(headers['x-tenant-id'] ?? (isPublic ? 'acme' : undefined)).toBe('acme');
          const byPlugin = headers['x-caller-plugin-id'] === 'plugin-analytics';
          if (byPlugin)
            expect([method, target.replace(/\?.*/, '')].join(' ')).toMatch(
              /^(GET|HEAD) \/contacts(\/[^/]+)?$/,
            );
          else expect(target).not.toMatch(/^\/internal/);
        }
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    const alive = await fetch(`${gateway.url}/plugin-crm/contacts`, {
      headers: { authorization: `Bearer ${credentials.userToken}` },
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
