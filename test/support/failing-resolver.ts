/**
 * Loaded before a program: what it asks the system's resolver for a name below `.test`, the file `RESOLVER` answers, by the
 * word that it holds. `gone`: there is no such name; `hang`: no answer; anything else: 127.0.0.1.
 */
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Lookup = (
  hostname: string,
  options: object,
  done: (error: Error | null, found: object[]) => void,
) => void;

// Of several signatures, the one that connections use.
const system = dns.lookup as Lookup;
const answer: Lookup = (hostname, options, done) => {
  if (!hostname.endsWith('.test')) return system(hostname, options, done);
  const word = readFileSync(process.env.RESOLVER ?? '', 'utf8');
  if (word === 'hang') return;
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' });
  setImmediate(() => (word === 'gone' ? done(error, []) : done(null, [{ address: '127.0.0.1', family: 4 }])));
};
Object.assign(dns, { lookup: answer });
syncBuiltinESMExports();
