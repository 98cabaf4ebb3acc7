import { expect, it } from 'vitest';
import { systemClock } from '../../clock.ts';
import type { DomainEvent } from '../../domain-event.ts';
import { createPublishQueue } from './publish-queue.ts';
import { type Asked, accept, refuse, startScriptedGateway } from './testing/scripted-gateway.ts';

const event = (id: string): DomainEvent => ({
  id,
  name: 'a',
  source: 'plugin-analytics',
  time: '2026-01-01T00:00:00Z',
  tenantId: 'acme',
  correlationId: id,
  data: {},
});
const idsOf = ({ body }: Asked): string[] => JSON.parse(body).map(({ id }: { id: string }) => id);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);
/** Hurries, so that waiting for the next attempt takes no time here. */
const clock = { ...systemClock, after: (ms: number, run: () => void) => systemClock.after(ms / 50, run) };
const patience = 30_000;

it('sends what is published at once in few requests, in order', async () => {
  const gateway = await startScriptedGateway((_, response) => accept(response));
  const queue = createPublishQueue({ gateway, clock, patience });
  await Promise.all(upTo(500).map((id) => queue.publish([event(id)])));
  expect(gateway.asked.flatMap(idsOf)).toEqual(upTo(500));
  expect(gateway.asked.length).toBeLessThan(6);
});

it('repeats what did not arrive, under the same ids, before anything that came later', async () => {
  let count = 0;
  const gateway = await startScriptedGateway((_, response) => {
    count += 1;
    if (count === 1) response.destroy();
    else if (count === 2) refuse(response, 503, 'shutting-down');
    else if (count === 3) response.end('<html>a proxy</html>');
    else accept(response);
  });
  const queue = createPublishQueue({ gateway, clock, patience });
  const first = queue.publish([event('e0')]);
  await Promise.resolve();
  const later = queue.publish([event('e1')]);
  await Promise.all([first, later]);
  const sent = gateway.asked.map(idsOf);
  expect(sent.slice(0, 3)).toEqual([sent[3], sent[3], sent[3]]);
  expect(sent.slice(3).flat()).toEqual(['e0', 'e1']);
});

it('refuses one event without its neighbours, and keeps their order', async () => {
  const kept: string[] = [];
  const gateway = await startScriptedGateway((asked, response) => {
    const ids = idsOf(asked);
    if (ids.includes('e1')) return refuse(response, 400, 'event-invalid');
    kept.push(...ids);
    accept(response);
  });
  const queue = createPublishQueue({ gateway, clock, patience });
  const outcomes = await Promise.allSettled(upTo(3).map((id) => queue.publish([event(id)])));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({
    reason: { code: 'transport-refused', message: expect.stringContaining('no: event-invalid') },
  });
  expect(kept).toEqual(['e0', 'e2']);
});

it('gives up after a while, and says so', async () => {
  const gateway = await startScriptedGateway((_, response) => refuse(response, 503, 'events-unavailable'));
  const queue = createPublishQueue({ gateway, clock, patience: 50 });
  await expect(queue.publish([event('e0')])).rejects.toMatchObject({ code: 'transport-unavailable' });
  expect(gateway.asked.length).toBeGreaterThan(1);
});

it('says at once that a token is not valid, and uses another one as soon as there is', async () => {
  const gateway = await startScriptedGateway(({ token }, response) =>
    token === 'first' ? refuse(response, 401, 'token-invalid') : accept(response),
  );
  const queue = createPublishQueue({ gateway, clock, patience });
  await expect(queue.publish([event('e0')])).rejects.toMatchObject({ code: 'transport-refused' });
  gateway.token = 'second';
  await queue.publish([event('e0')]);
});

it('sends what was published before it closes, and takes nothing after that', async () => {
  const gateway = await startScriptedGateway((_, response) => setTimeout(accept, 5, response));
  const queue = createPublishQueue({ gateway, clock, patience });
  const published = queue.publish(upTo(300).map(event));
  await queue.close();
  await published;
  expect(gateway.asked.flatMap(idsOf)).toEqual(upTo(300));
  await expect(queue.publish([event('e')])).rejects.toMatchObject({ code: 'not-running' });
});
