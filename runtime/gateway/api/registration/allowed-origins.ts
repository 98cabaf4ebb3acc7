import type { GatewayConfig, UpstreamConfig } from '../../config/gateway-config.ts';
import { SetupError } from '../../errors.ts';
import { matchesOrigin, type OriginPattern, parseOriginPattern } from './origin-pattern.ts';

/** Whether an instance of a plugin may be at a URL. */
export type MayRegister = (pluginId: string, url: URL) => boolean;

/**
 * What plexica.yaml allows: the origins of the plugin's own `urls`, and its `allowRegistration`. A plugin that
 * has neither may be nowhere.
 *
 * @throws SetupError for a pattern that cannot be read
 */
export function allowedOrigins({ upstreams, file }: Pick<GatewayConfig, 'upstreams' | 'file'>): MayRegister {
  const patterns = new Map(
    [...upstreams].map(([pluginId, upstream]) => [pluginId, patternsOf(pluginId, upstream, file)]),
  );
  return (pluginId, url) => {
    const own = upstreams.get(pluginId)?.urls ?? [];
    if (own.some(({ origin }) => origin === url.origin)) return true;
    return patterns.get(pluginId)?.some((pattern) => matchesOrigin(pattern, url)) ?? false;
  };
}

function patternsOf(pluginId: string, { allowRegistration }: UpstreamConfig, file: string): OriginPattern[] {
  return allowRegistration.map((text) => {
    const pattern = parseOriginPattern(text);
    if (pattern !== undefined) return pattern;
    throw new SetupError(
      `${file}: upstreams.${pluginId}.allowRegistration: "${text}" is not an origin pattern; ` +
        'write http://localhost:*, https://*.plugins.example or http://10.1.2.3:3100',
    );
  });
}
