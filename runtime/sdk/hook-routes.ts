import type { PluginHookContext } from '@plexica/types';
import { isRecord } from './read-answer.ts';
import { type IncomingRequest, tenantContext } from './tenant-context.ts';

/** What a hook is told, with the payload of its event. */
export type HookContext<Data = object> = PluginHookContext & { readonly data: Data };

/** One delivery of an event to a hook. */
export interface HookDelivery extends IncomingRequest {
  /** The same on every delivery of an event. */
  readonly eventId: string;
}

/**
 * Handles one hook. A rejection makes the gateway try again. A `PluginHookHandler` of `@plexica/types` fits.
 *
 * @param delivery for `gateway.forRequest(delivery)`: calls on behalf of the event's tenant
 */
export type HookHandler<Data = object> = (
  context: HookContext<Data>,
  delivery: HookDelivery,
) => Promise<unknown>;

/** A handler for each hook; `Hooks` is what was generated from the manifest: `SampleAnalyticsHooks`. */
export type HookHandlers<Hooks> = { readonly [Name in keyof Hooks]: HookHandler<Hooks[Name]> };

/** A server that takes a handler for POST: a Fastify instance. */
export interface HookHost {
  post(
    path: string,
    handler: (request: {
      readonly headers: IncomingRequest['headers'];
      readonly body: unknown;
    }) => Promise<unknown>,
  ): unknown;
}

/** A delivery that is none of the gateway's, or not for this plugin. Fastify answers it with its status. */
export class HookRefusedError extends Error {
  override readonly name = 'HookRefusedError';
  readonly statusCode: 400 | 403;
  readonly code = 'hook-refused';

  constructor(statusCode: 400 | 403, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** How many deliveries are remembered; one that comes again after so many others is handled again. */
const REMEMBERED = 10_000;

/**
 * Serves `POST /hooks/{name}` for every hook of the manifest. Deliveries come at least once: one that this process has
 * handled already is answered and not handled again.
 *
 * @param plugin the generated constant
 * @throws TypeError where hooks and handlers do not agree
 */
export function registerHookRoutes<Hooks>(
  app: HookHost,
  plugin: { readonly id: string; readonly hooks?: readonly string[] },
  handlers: HookHandlers<Hooks>,
): void {
  const { id, hooks = [] } = plugin;
  // Names and payloads are what the caller's type says; each handler gets the payload of its own name.
  const byName = new Map(Object.entries<HookHandler<never>>(handlers as Record<string, HookHandler<never>>));
  mustAgree(id, hooks, [...byName.keys()]);
  const once = createOnce(REMEMBERED);
  for (const [name, handle] of byName) {
    app.post(`/hooks/${name}`, async ({ headers, body }) => {
      const { context, eventId } = readDelivery(id, { headers }, body);
      // The gateway checks payloads before it delivers them.
      const payload = context as HookContext<never>;
      await once(`${name} ${eventId}`, () => handle(payload, { headers, eventId }));
      return { success: true, message: 'hook handled' };
    });
  }
}

function mustAgree(pluginId: string, hooks: readonly string[], handled: readonly string[]): void {
  const missing = hooks.filter((name) => !handled.includes(name));
  const unknown = handled.filter((name) => !hooks.includes(name));
  const problems = [
    ...missing.map((name) => `${pluginId} has the hook ${name}, and nothing handles it`),
    ...unknown.map(
      (name) => `${name} is handled and no hook of ${pluginId}: add it to "backend.hooks" of its plugin.json`,
    ),
  ];
  if (problems.length > 0) throw new TypeError(problems.join('\n'));
}

/** @throws MissingTenantError, HookRefusedError */
function readDelivery(pluginId: string, request: IncomingRequest, body: unknown) {
  const { tenantId, context: signed } = tenantContext(request);
  const eventId = request.headers['x-plexica-event-id'];
  if (signed === undefined || typeof eventId !== 'string' || eventId === '') {
    throw new HookRefusedError(
      403,
      'hooks are for the gateway: X-Plexica-Context or X-Plexica-Event-ID is missing',
    );
  }
  if (!isHookContext(body)) {
    throw new HookRefusedError(400, 'the body must be a PluginHookContext: tenantId, pluginId and data');
  }
  if (body.tenantId !== tenantId || body.pluginId !== pluginId) {
    throw new HookRefusedError(403, `the body is not for ${pluginId} and the tenant of X-Tenant-ID`);
  }
  return { context: body, eventId };
}

function isHookContext(value: unknown): value is PluginHookContext {
  return (
    isRecord(value) &&
    typeof value.tenantId === 'string' &&
    typeof value.pluginId === 'string' &&
    isRecord(value.data) &&
    [value.userId, value.workspaceId].every((id) => id === undefined || typeof id === 'string')
  );
}

/** Work by key: side by side it is done for the first and awaited by all; a failure may be tried again. */
function createOnce(capacity: number): (key: string, work: () => Promise<unknown>) => Promise<void> {
  const done = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    let doing = done.get(key);
    if (doing === undefined) {
      doing = work();
      done.set(key, doing);
      doing.catch(() => done.delete(key));
      if (done.size > capacity) forgetOldest();
    }
    await doing;
  };

  function forgetOldest(): void {
    for (const oldest of done.keys()) {
      done.delete(oldest);
      return;
    }
  }
}
