import { isPluginInfo } from '@plexica/types';
import { askInstance } from './ask-instance.ts';
import type { Instance } from './instance.ts';
import { type RunningVersions, runningVersions } from './plugin-version.ts';

/** Lists services and endpoints; anything above this is something else. */
const LARGEST_INFO = 1024 * 1024;

/**
 * Asks one instance for `GET /info`, which it need not have.
 *
 * @returns undefined where it has none, or nothing of the kind
 * @throws where it does not answer
 */
export async function readInfo(
  { baseUrl, basePath }: Pick<Instance, 'baseUrl' | 'basePath'>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<RunningVersions | undefined> {
  const { statusCode, text } = await askInstance({
    origin: baseUrl.origin,
    path: `${basePath}/info`,
    timeoutMs,
    maxBytes: LARGEST_INFO,
    signal,
  });
  const info = statusCode === 200 ? parse(text) : undefined;
  return isPluginInfo(info) ? runningVersions(info) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
