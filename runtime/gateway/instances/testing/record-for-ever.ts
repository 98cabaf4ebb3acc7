import { systemClock } from '../clock.ts';
import { openRegistrationStore } from '../registration-store.ts';

/** A process that changes its registrations all the time, until it is killed. Says so once it has begun. */
const [, , folder = ''] = process.argv;
const log = { info: () => undefined, warn: (line: unknown) => process.stderr.write(`${line}\n`) };
const hurried = {
  ...systemClock,
  after: (ms: number, run: () => void) => systemClock.after(ms === 100 ? 0 : ms, run),
};
const store = await openRegistrationStore(folder, { log, clock: hurried });
for (let number = 0; ; number += 1) {
  store.record({
    kind: number % 3 === 2 ? 'removed' : 'registered',
    pluginId: 'plugin-crm',
    baseUrl: `http://127.0.0.1:${3000 + (number % 3 === 2 ? number - 1 : number)}/`,
  });
  if (number === 50) process.stdout.write('begun\n');
  await new Promise((resolve) => setTimeout(resolve, 1));
}
