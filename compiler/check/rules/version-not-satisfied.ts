import semver from 'semver';
import { quote } from '../../diagnostics/quote.ts';
import type { Edge, Program } from '../../ir/program.ts';
import type { Located } from '../../ir/source.ts';
import type { Rule } from '../rule.ts';

/** What is there has the version that a dependency asks for. */
export const versionNotSatisfied: Rule = {
  code: 'PLX3006',
  name: 'version-not-satisfied',
  severity: 'error',

  *check(program) {
    for (const { range, version, what, asker } of demands(program)) {
      // A version or a range that is none has a rule of its own.
      if (semver.validRange(range.value) === null || semver.valid(version.value) === null) continue;
      if (semver.satisfies(version.value, range.value)) continue;
      yield {
        at: range.span,
        message: `plugin ${quote(asker)} needs ${what} in version ${quote(range.value)}, but it has version ${quote(version.value)}`,
        label: `${version.value} is not in this range`,
        related: [{ at: version.span, label: 'the version is declared here' }],
        help: helpFor(range.value, version.value),
      };
    }
  },
};

interface Demand {
  readonly asker: string;
  readonly what: string;
  readonly range: Located<string>;
  readonly version: Located<string>;
}

function* demands({ plugins, edges }: Program): Generator<Demand> {
  for (const edge of edges) {
    const asker = edge.caller.id.value;
    const provided = providedBy(edge);
    if (provided !== undefined) yield { asker, range: edge.version, ...provided };
  }
  for (const { id, pluginDependencies } of plugins) {
    for (const { plugin, version } of pluginDependencies) {
      if (plugin === undefined || version === undefined) continue;
      const what = `plugin ${quote(plugin.id.value)}`;
      yield { asker: id.value, range: version, version: plugin.version, what };
    }
  }
}

/** The service that the edge names; where it names the plugin alone, the plugin. */
function providedBy({ plugin, serviceName, services }: Edge): Pick<Demand, 'what' | 'version'> | undefined {
  if (serviceName === undefined) {
    return plugin && { what: `plugin ${quote(plugin.id.value)}`, version: plugin.version };
  }
  const service = services[0]?.service;
  return service && { what: `service ${quote(serviceName.value)}`, version: service.version };
}

function helpFor(range: string, version: string): string {
  const lowest = semver.minVersion(range);
  if (lowest !== null && semver.lt(version, lowest)) {
    return `raise the version that is provided, or ask for ${quote(`^${version}`)}`;
  }
  return `read what changed, then ask for ${quote(`^${version}`)}`;
}
