import { gatewayNames } from '../../ir/reserved-names.ts';
import { manifest, testRule } from '../../testing/rule-tester.ts';
import { reservedPluginId } from './reserved-plugin-id.ts';

/** `openapi.json` is no possible id: the manifest's schema refuses the dot. */
const possible = [...gatewayNames].filter((name) => !name.includes('.'));

testRule(reservedPluginId, {
  silent: [{ name: 'a name that only begins like a reserved one', files: [manifest('health-records')] }],
  fires: possible.map((name) => ({
    name,
    files: [manifest(name).replace(`"${name}"`, `⟦"${name}"⟧`)],
    findings: [
      {
        message: `the plugin id "${name}" is reserved for the gateway itself`,
        help: `change it to "plugin-${name}"`,
      },
    ],
  })),
});
