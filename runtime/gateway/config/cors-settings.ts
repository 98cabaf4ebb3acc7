import { type CorsSettings, isOriginPattern, milliseconds } from '@plexica/types';
import { SetupError } from '../errors.ts';
import type { CorsConfig } from './gateway-config.ts';
import type { WorkspaceDocument } from './read-workspace.ts';

const MAX_AGE = '10m';

/**
 * Which pages of other origins may call the gateway.
 *
 * @throws SetupError for what is no origin
 */
export function corsOf(
  { origins, credentials, maxAge }: CorsSettings,
  { at }: WorkspaceDocument,
): CorsConfig {
  for (const [index, origin] of origins.entries()) {
    if (isOriginPattern(origin)) continue;
    throw new SetupError(
      `${at('gateway', 'cors', 'origins', index)}: gateway.cors.origins lists "${origin}", which is no origin; ` +
        'it is a scheme, a host and perhaps a port, such as https://app.example.com or https://*.example.com',
    );
  }
  return { origins, credentials: credentials ?? false, maxAge: milliseconds(maxAge ?? MAX_AGE) };
}
