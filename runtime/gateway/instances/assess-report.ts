import { type HealthReport, isHealthReport, validateHealthReport } from '@plexica/types';
import type { CheckOutcome } from './health-state.ts';

/**
 * What counts as well, in any case, for `status` and for each of `services`. Every other word means that
 * the part is not well.
 */
export const WELL: ReadonlySet<string> = new Set([
  'active',
  'alive',
  'available',
  'connected',
  'healthy',
  'ok',
  'online',
  'operational',
  'pass',
  'reachable',
  'ready',
  'running',
  'up',
]);

/** How many parts that are not well are named. */
const MOST_PARTS = 5;

/** Reads the body of a plugin's answer to its health path. */
export function assessReport(body: string): CheckOutcome {
  const report = parse(body);
  if (report === undefined) return failed('its health answer is not JSON');
  if (!isHealthReport(report))
    return failed(`its health answer is not a health report: ${violation(report)}`);
  const complaints = complaintsOf(report);
  return complaints.length === 0 ? { kind: 'well' } : { kind: 'impaired', reason: complaints.join('; ') };
}

function complaintsOf({ status, services = {} }: HealthReport): string[] {
  const parts = Object.entries(services).filter(([, word]) => !isWell(word));
  const named = parts.slice(0, MOST_PARTS).map(([part, word]) => `${nameOf(part)} is ${wordOf(word)}`);
  const more = parts.length - named.length;
  return [
    ...(isWell(status) ? [] : [`it reports itself as ${wordOf(status)}`]),
    ...named,
    ...(more > 0 ? [`${more} more of its parts are not well`] : []),
  ];
}

function isWell(word: string): boolean {
  return WELL.has(word.trim().toLowerCase());
}

/** A plugin's own words end up in answers and logs: only what is plainly a word, never an address. */
function wordOf(word: string): string {
  return /^[A-Za-z][A-Za-z0-9 _-]{0,39}$/.test(word) ? `"${word}"` : 'not well';
}

function nameOf(part: string): string {
  return /^[A-Za-z][A-Za-z0-9 _-]{0,39}$/.test(part) ? part : 'a part';
}

function violation(report: unknown): string {
  const [first] = validateHealthReport(report);
  if (first?.keyword === 'required') return 'it has no "status"';
  const [, field, part] = first?.instancePath.split('/') ?? [];
  if (field === undefined) return 'it is not an object';
  if (part !== undefined) return `"${field}" has a part whose value is not a word`;
  return `"${field}" ${first?.message ?? 'is wrong'}`;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function failed(reason: string): CheckOutcome {
  return { kind: 'failed', reason, gone: false };
}
