/** How a reload ended, as plain JSON. */
export type ReloadOutcome = ReloadDone | ReloadRefused;

export interface ReloadDone {
  readonly outcome: 'done';
  readonly change: SetupChange;
}

/** What was served before goes on. */
export interface ReloadRefused {
  readonly outcome: 'refused';
  /** In words, with files and lines. */
  readonly reason: string;
}

/** In what one setup differs from the one before. */
export interface SetupChange {
  /** Digests of the route tables. */
  readonly from: string;
  readonly to: string;
  readonly plugins: Counts;
  /** Endpoints of plugins. */
  readonly routes: Counts;
  /** Plugins with an entry in `upstreams` of plexica.yaml. */
  readonly upstreams: Counts;
  /** Other settings of plexica.yaml that hold from now on, by their names there. */
  readonly settings: readonly string[];
  /** Settings that hold after a restart alone, and keep their old values until then. */
  readonly waiting: readonly string[];
}

export interface Counts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** For a log line and for people: `2 plugins changed, 1 route added; health`. */
export function wordsFor({ plugins, routes, upstreams, settings }: SetupChange): string {
  const parts = [
    ...countWords(plugins, 'plugin'),
    ...countWords(routes, 'route'),
    ...countWords(upstreams, 'upstream'),
    ...(settings.length === 0 ? [] : [`other settings: ${settings.join(', ')}`]),
  ];
  return parts.length === 0 ? 'nothing has changed' : parts.join(', ');
}

function countWords(counts: Counts, noun: string): string[] {
  return (['added', 'removed', 'changed'] as const).flatMap((how) => {
    const count = counts[how];
    return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'} ${how}`];
  });
}
