import { afterEach, beforeEach, describe, it } from 'vitest';
import { controlCases } from './contract/control-cases.ts';
import { createStage, type Stage, type TransportHarness } from './contract/create-stage.ts';
import { deadLetterCases } from './contract/dead-letter-cases.ts';
import { deliveryCases } from './contract/delivery-cases.ts';
import { replicaCases } from './contract/replica-cases.ts';

export interface TransportContract {
  readonly name: string;
  readonly start: () => Promise<TransportHarness>;
  /** Cases that this transport is not held to, by their words, with the reason. */
  readonly skipped?: Readonly<Record<string, string>>;
}

/** What every transport does, whatever carries the messages. */
export function describeTransport({ name, start, skipped = {} }: TransportContract): void {
  describe(`the contract of transports: ${name}`, { timeout: 60_000 }, () => {
    const waived = new Map(Object.entries(skipped));
    let stage: Stage;

    beforeEach(async () => {
      stage = createStage(await start());
    });

    afterEach(() => stage.close());

    for (const cases of [deliveryCases, replicaCases, deadLetterCases, controlCases]) cases(check);
    if (waived.size > 0) throw new Error(`no case says: ${[...waived.keys()].join('; ')}`);

    function check(words: string, test: (stage: Stage) => Promise<void>): void {
      const reason = waived.get(words);
      waived.delete(words);
      // A case that does not apply is told, and not counted among those that ran.
      if (reason === undefined) it(words, () => test(stage));
      else console.log(`${name}: "${words}" does not apply: ${reason}`);
    }
  });
}
