import {
  bytes,
  type LimitsSettings,
  milliseconds,
  type UpstreamSettings,
  type Workspace,
} from '@plexica/types';
import { SetupError } from '../errors.ts';
import type { LimitsConfig, UpstreamConfig } from './gateway-config.ts';
import { positiveDuration } from './positive-duration.ts';
import type { WorkspaceDocument } from './read-workspace.ts';

/** What a plugin has unless its upstream says otherwise. */
export type SharedUpstreamConfig = Pick<UpstreamConfig, 'limits' | 'dependencyPolicy'>;

const LIMITS: LimitsConfig = { maxConcurrent: 256, maxQueue: 256, queueTimeout: 1_000 };

/** What holds for every plugin whose upstream says nothing of its own. */
export function sharedUpstreamOf({ limits = {}, dependencyPolicy }: Workspace): SharedUpstreamConfig {
  return { limits: limitsOf(limits, LIMITS), dependencyPolicy: dependencyPolicy ?? 'degrade' };
}

/**
 * By plugin id: where its instances are, and what holds for it.
 *
 * @throws SetupError for a URL that no instance can have, and for a time limit of nothing
 */
export function upstreamsOf(
  shared: SharedUpstreamConfig,
  document: WorkspaceDocument,
): ReadonlyMap<string, UpstreamConfig> {
  const { upstreams = {} } = document.value;
  return new Map(
    Object.entries(upstreams).map(([pluginId, settings]) => [
      pluginId,
      upstreamOf(pluginId, settings, shared, document),
    ]),
  );
}

function upstreamOf(
  pluginId: string,
  settings: UpstreamSettings,
  shared: SharedUpstreamConfig,
  { at }: WorkspaceDocument,
): UpstreamConfig {
  const { urls = [], allowRegistration = [], actAsTenants = [], timeout, maxBody } = settings;
  const name = `upstreams.${pluginId}`;
  return {
    urls: urls.map((url, index) => baseUrlOf(url, name, at('upstreams', pluginId, 'urls', index))),
    allowRegistration,
    timeout:
      timeout === undefined
        ? undefined
        : positiveDuration(timeout, `${name}.timeout`, at('upstreams', pluginId, 'timeout')),
    maxBody: maxBody === undefined ? undefined : bytes(maxBody),
    actAsTenants,
    limits: limitsOf(settings.limits ?? {}, shared.limits),
    dependencyPolicy: settings.dependencyPolicy ?? shared.dependencyPolicy,
  };
}

function limitsOf(
  { maxConcurrent, maxQueue, queueTimeout }: LimitsSettings,
  otherwise: LimitsConfig,
): LimitsConfig {
  return {
    maxConcurrent: maxConcurrent ?? otherwise.maxConcurrent,
    maxQueue: maxQueue ?? otherwise.maxQueue,
    queueTimeout: queueTimeout === undefined ? otherwise.queueTimeout : milliseconds(queueTimeout),
  };
}

function baseUrlOf(text: string, name: string, where: string): URL {
  if (!URL.canParse(text)) throw new SetupError(`${where}: ${name} lists "${text}", which is not a URL`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new SetupError(
      `${where}: ${name} lists a URL with credentials, a query or a fragment; ` +
        'a base URL has a scheme, a host, a port and a path alone',
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}
