/** A process that opens the store of a file and publishes so many events: `FILE NAME COUNT`. */
import { openEventStore } from '../store/open-event-store.ts';

const [file = '', name = '', count = '0'] = process.argv.slice(2);
const store = openEventStore({ file, retention: 3_600_000, maxSize: 1024 ** 3, now: Date.now });
for (let n = 0; n < Number(count); n += 1) {
  const event = {
    id: `${name}${n}`,
    source: 'plugin-crm',
    name: 'a',
    tenantId: name,
    body: '{}',
    groups: ['g'],
  };
  store.publish([event]);
}
await store.flush();
await store.close();
