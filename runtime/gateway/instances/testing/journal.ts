import { type Logger, pino } from 'pino';

/** A log that can be waited on. */
export interface Journal {
  readonly log: Logger;
  readonly lines: readonly JournalLine[];
  /** The first line from now on, or of those not looked at yet, that says this. */
  until(text: string): Promise<JournalLine>;
}

export type JournalLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export function createJournal(): Journal {
  const lines: JournalLine[] = [];
  const waiting = new Set<() => void>();
  let looked = 0;
  const log = pino(
    { base: null },
    {
      write(line: string) {
        // Every line of pino is an object with a message.
        lines.push(JSON.parse(line) as JournalLine);
        for (const look of waiting) look();
      },
    },
  );

  return {
    log,
    lines,
    until(text) {
      return new Promise((resolve) => {
        const look = () => {
          const index = lines.findIndex((line, at) => at >= looked && line.msg.includes(text));
          const line = lines[index];
          if (line === undefined) return;
          looked = index + 1;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        look();
      });
    },
  };
}
