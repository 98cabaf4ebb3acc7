import type { PluginInfo } from '@plexica/types';
import semver from 'semver';
import type { PreparedTable } from '../table/prepared-table.ts';

/** What an instance says that it runs. */
export interface RunningVersions {
  readonly pluginId: string;
  readonly plugin: string;
  /** By name; empty where it names none. */
  readonly services: ReadonlyMap<string, string>;
}

/** What an instance of a plugin should run, from the table. */
export interface VersionRules {
  readonly pluginId: string;
  readonly plugin: string;
  /** Versions by name of service. */
  readonly services: ReadonlyMap<string, string>;
  readonly callers: readonly CallerRange[];
}

interface CallerRange {
  readonly callerId: string;
  readonly service: string;
  readonly range: string;
}

export interface VersionFinding {
  /** What it runs: the plugin's own version, and those of the services that were compiled and that it names. */
  readonly version?: string;
  readonly serviceVersions?: Readonly<Record<string, string>>;
  /** Makes the instance DEGRADED. */
  readonly complaint?: string;
  /** Worth knowing, and no harm. */
  readonly notice?: string;
}

/** What a plugin says of itself is bounded before it is kept. */
const MOST_SERVICES = 200;
/** How many callers, or differences, are named. */
const MOST_NAMED = 5;

/** By plugin id: the ranges of all callers are gathered in one walk over the table. */
export function versionRules(table: PreparedTable): ReadonlyMap<string, VersionRules> {
  const callers = new Map<string, CallerRange[]>();
  for (const { id: callerId, plugin } of table.plugins.values()) {
    for (const { plugin: callee, service, version: range } of plugin.edges) {
      const known = callers.get(callee);
      const caller = { callerId, service, range };
      if (known === undefined) callers.set(callee, [caller]);
      else known.push(caller);
    }
  }
  return new Map(
    [...table.plugins.values()].map(({ id, plugin }) => [
      id,
      {
        pluginId: id,
        plugin: plugin.version,
        services: new Map(plugin.services.map(({ name, version }) => [name, version])),
        callers: callers.get(id) ?? [],
      },
    ]),
  );
}

/** Undefined for an answer whose version is none; services with such versions are left out. */
export function runningVersions({ id, version, services = [] }: PluginInfo): RunningVersions | undefined {
  const plugin = semver.valid(version);
  if (plugin === null) return undefined;
  const known = services.slice(0, MOST_SERVICES).flatMap(({ name, version: text }): [string, string][] => {
    const service = semver.valid(text);
    return service === null ? [] : [[name, service]];
  });
  return { pluginId: id, plugin, services: new Map(known) };
}

/** Compares what runs with what was compiled, and with what each caller's manifest asks for. */
export function compareVersions(running: RunningVersions | undefined, rules: VersionRules): VersionFinding {
  if (running === undefined) return {};
  if (running.pluginId !== rules.pluginId) {
    return { complaint: `it says that it is ${nameOf(running.pluginId)}, not ${rules.pluginId}` };
  }
  const complaints = rules.callers.flatMap((caller) => complaintOf(running, rules, caller));
  const differences = differencesOf(running, rules);
  const named = [...running.services].filter(([name]) => rules.services.has(name));
  return {
    version: running.plugin,
    ...(named.length === 0 ? {} : { serviceVersions: Object.fromEntries(named) }),
    ...(complaints.length === 0 ? {} : { complaint: list([...new Set(complaints)]) }),
    ...(differences.length === 0
      ? {}
      : { notice: `it runs another version than the compiled one: ${list(differences)}` }),
  };
}

function complaintOf(
  running: RunningVersions,
  rules: VersionRules,
  { callerId, service, range }: CallerRange,
): string[] {
  const version = running.services.get(service);
  if (version !== undefined) {
    return semver.satisfies(version, range)
      ? []
      : [`it runs ${service} ${version}, and ${callerId} asks for ${range}`];
  }
  // The range is meant for the service. Where an instance does not tell its version, the plugin's stands for it, but
  // only where the two have gone in step so far.
  const inStep = semver.satisfies(rules.plugin, range);
  return inStep && !semver.satisfies(running.plugin, range)
    ? [`it runs ${running.plugin}, and ${callerId} asks for ${range}`]
    : [];
}

function differencesOf(running: RunningVersions, rules: VersionRules): string[] {
  const services = [...rules.services].flatMap(([name, compiled]) => {
    const version = running.services.get(name);
    return version === undefined || version === compiled ? [] : [`${name} ${version} instead of ${compiled}`];
  });
  return running.plugin === rules.plugin
    ? services
    : [`${running.plugin} instead of ${rules.plugin}`, ...services];
}

function list(words: readonly string[]): string {
  const more = words.length - MOST_NAMED;
  return [...words.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** A plugin's own words end up in answers and logs: only what is plainly an id. */
function nameOf(id: string): string {
  return /^[a-z][a-z0-9-]{0,99}$/.test(id) ? id : 'another plugin';
}
