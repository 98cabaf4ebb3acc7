import type { Environment } from '@plexica/types';

/** What the SDK takes from the environment of its process. */
export interface SdkEnvironment {
  /** `GATEWAY_URL`. */
  readonly gatewayUrl: string | undefined;
  /** `PLEXICA_PLUGIN_TOKEN`. */
  readonly token: string | undefined;
}

/** The SDK's only look at the environment; options given in code win over it. Empty counts as unset. */
export function readEnvironment(environment: Environment = process.env): SdkEnvironment {
  return {
    gatewayUrl: environment.GATEWAY_URL || undefined,
    token: environment.PLEXICA_PLUGIN_TOKEN || undefined,
  };
}
