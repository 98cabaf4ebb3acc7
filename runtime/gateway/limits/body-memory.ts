import { GatewayError } from '../errors.ts';

/** Bounds what bodies take that are kept in memory as a whole, for each plugin by itself. */
export interface BodyMemory {
  /**
   * Begins to keep a body.
   *
   * @param refuse called with `plugin-busy` when others need the room, and this one has stood still for longest
   */
  begin(pluginId: string, refuse: (error: GatewayError) => void): KeptBody;
}

export interface KeptBody {
  /** So many bytes more came. */
  grow(bytes: number): void;
  /** All of it is there: from now on it waits for the plugin, and no longer for its client. */
  complete(): void;
  /** It is kept no more. May be called again. */
  release(): void;
}

/** Bytes for one plugin: a few bodies of the largest size, thousands of usual ones. */
const MOST = 64 * 1024 * 1024;

/**
 * Clients may send a body as slowly as they like, and many of them at once, before they have a place at the plugin. What
 * they have sent so far must not fill the memory: the ones that send nothing make room for those that do.
 */
export function createBodyMemory(most = MOST): BodyMemory {
  const plugins = new Map<string, Kept>();

  return {
    begin(pluginId, refuse) {
      const kept = plugins.get(pluginId) ?? { bytes: 0, coming: new Set() };
      plugins.set(pluginId, kept);
      let size = 0;
      const body: ComingBody = { refuse: () => refuse(busy(pluginId)) };
      kept.coming.add(body);
      return {
        grow(bytes) {
          size += bytes;
          kept.bytes += bytes;
          // The one that moved last stands last.
          kept.coming.delete(body);
          kept.coming.add(body);
          makeRoom(kept, most);
        },
        complete: () => void kept.coming.delete(body),
        release() {
          kept.coming.delete(body);
          kept.bytes -= size;
          size = 0;
        },
      };
    },
  };
}

/** The bodies of requests to one plugin. */
interface Kept {
  bytes: number;
  /** Those that are not there yet, the one that moved last at the end. */
  readonly coming: Set<ComingBody>;
}

interface ComingBody {
  /** Has it let go. */
  refuse(): void;
}

function makeRoom(kept: Kept, most: number): void {
  for (const body of kept.coming) {
    if (kept.bytes <= most) return;
    body.refuse();
  }
}

function busy(pluginId: string): GatewayError {
  return new GatewayError(
    'plugin-busy',
    `${pluginId} is busy: the bodies of other requests to it take all the memory that they may; try again later`,
    { headers: { 'retry-after': '1', connection: 'close' } },
  );
}
