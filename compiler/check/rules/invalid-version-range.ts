import semver from 'semver';
import { quote } from '../../diagnostics/quote.ts';
import type { Located } from '../../ir/source.ts';
import type { Rule } from '../rule.ts';

/** A dependency asks for a range of semantic versions. */
export const invalidVersionRange: Rule = {
  code: 'PLX4007',
  name: 'invalid-version-range',
  severity: 'error',

  *check({ plugins }) {
    for (const { edges, pluginDependencies } of plugins) {
      const ranges: { readonly of: string; readonly range: Located<string> | undefined }[] = [
        ...edges.map(({ version, serviceName, pluginId }) => ({
          of: (serviceName ?? pluginId).value,
          range: version,
        })),
        ...pluginDependencies.map(({ id, version }) => ({ of: id.value, range: version })),
      ];
      for (const { of, range } of ranges) {
        if (range === undefined || semver.validRange(range.value) !== null) continue;
        const near = semver.coerce(range.value)?.version;
        yield {
          at: range.span,
          message: `the version range ${quote(range.value)} for ${quote(of)} is not a semver range`,
          label: 'expected a range such as ^1.0.0',
          help:
            near === undefined
              ? 'write a range such as "^1.0.0", or "*" for any version'
              : `change it to ${quote(`^${near}`)}`,
        };
      }
    }
  },
};
