import { isSubnet } from '@plexica/types';
import { SetupError } from '../errors.ts';
import type { WorkspaceDocument } from './read-workspace.ts';

/**
 * The proxies that are believed about clients, as they were written.
 *
 * @throws SetupError for what is neither an address nor a subnet
 */
export function trustedProxiesOf(proxies: readonly string[], { at }: WorkspaceDocument): readonly string[] {
  for (const [index, proxy] of proxies.entries()) {
    if (isSubnet(proxy)) continue;
    throw new SetupError(
      `${at('gateway', 'trustedProxies', index)}: gateway.trustedProxies lists "${proxy}", which is neither an ` +
        'IP address nor a subnet such as 10.0.0.0/8',
    );
  }
  return proxies;
}
