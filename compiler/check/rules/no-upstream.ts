import { nearest } from '../../diagnostics/nearest.ts';
import { quote } from '../../diagnostics/quote.ts';
import type { Rule } from '../rule.ts';

/** The gateway knows where a plugin with a backend is, or lets its instances register. */
export const noUpstream: Rule = {
  code: 'PLX4018',
  name: 'no-upstream',
  severity: 'warning',

  *check({ plugins, workspace }) {
    const upstreams = workspace.value.upstreams ?? {};
    const ids = plugins.map(({ id }) => id.value);
    // The plugin that a misspelt upstream means has one: rule unknown-upstream tells the slip.
    const meant = new Set(
      Object.keys(upstreams)
        .filter((id) => !ids.includes(id))
        .map((id) => nearest(id, ids)),
    );
    for (const { id, hasBackend } of plugins) {
      if (!hasBackend || meant.has(id.value)) continue;
      const { urls = [], allowRegistration = [] } = Object.hasOwn(upstreams, id.value)
        ? (upstreams[id.value] ?? {})
        : {};
      if (urls.length > 0 || allowRegistration.length > 0) continue;
      yield {
        at: id.span,
        message: `plugin ${quote(id.value)} has a backend, but ${workspace.file.path} does not say where it is`,
        label: 'the gateway answers 503 for it until an instance registers',
        help: `add to "upstreams" of ${workspace.file.path}: ${id.value}: { urls: ["http://127.0.0.1:3300"] }`,
      };
    }
  },
};
