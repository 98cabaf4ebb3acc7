import semver from 'semver';
import { quote } from '../../diagnostics/quote.ts';
import type { Rule } from '../rule.ts';

/** The versions of plugins and services are semantic versions, so that ranges can be held against them. */
export const invalidVersion: Rule = {
  code: 'PLX4006',
  name: 'invalid-version',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      const own = { version: plugin.version, what: `plugin ${quote(plugin.id.value)}` };
      const services = plugin.services.map(({ version, name }) => ({
        version,
        what: `service ${quote(name.value)}`,
      }));
      for (const { version, what } of [own, ...services]) {
        if (isExactVersion(version.value)) continue;
        const near = semver.coerce(version.value)?.version;
        yield {
          at: version.span,
          message: `the version ${quote(version.value)} of ${what} is not a semantic version`,
          label: 'expected MAJOR.MINOR.PATCH',
          help: near === undefined ? 'write a version such as "1.0.0"' : `change it to ${quote(near)}`,
        };
      }
    }
  },
};

/** `semver` forgives a leading `v` and white space; what is published should have neither. */
function isExactVersion(version: string): boolean {
  return semver.valid(version) !== null && /^[0-9]/.test(version) && version.trim() === version;
}
