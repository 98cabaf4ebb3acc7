import type { DomainEvent } from '@plexica/event-bus';
import { domainEventOf } from '@plexica/event-bus/envelope';
import { type ErrorDetail, GatewayError } from '../errors.ts';
import { isHeaderValue } from '../identity/claims.ts';
import type { TenantContexts } from '../identity/tenant-context.ts';
import type { TenantIdentity } from '../rules/caller.ts';
import { type EventContracts, PLATFORM } from './event-contracts.ts';
import { storedEventOf } from './local-transport.ts';
import type { StoredEvent } from './store/event-store.ts';

/** Who publishes, as far as it is proven. */
export type Publisher =
  | { readonly kind: 'platform' }
  | {
      readonly kind: 'plugin';
      readonly pluginId: string;
      /** Of the request that the plugin is serving; undefined where it passed no context on. */
      readonly tenant: TenantIdentity | undefined;
      /** Tenants for which plexica.yaml lets it act; `*` stands for all. */
      readonly actAsTenants: readonly string[];
    };

export interface PublishRules {
  readonly contracts: EventContracts;
  readonly contexts: Pick<TenantContexts, 'issue' | 'read'>;
  /** How long a context in an envelope is believed after it has expired, in milliseconds. */
  readonly overdue: number;
}

/** How many events a request may bring, and how large one may be, in bytes. */
const MOST_EVENTS = 500;
const LARGEST_EVENT = 1024 * 1024;

/**
 * The events of a request, as they are kept: checked, and with a context where the gateway knows whose they are.
 *
 * @param body what the JSON says: one CloudEvent or a list of them
 * @throws GatewayError `event-invalid`, `body-too-large`, `event-source-foreign`, `event-not-declared`,
 *   `tenant-context-missing`, `tenant-context-invalid`, `tenant-not-granted`
 */
export async function acceptEvents(
  body: unknown,
  publisher: Publisher,
  rules: PublishRules,
): Promise<readonly StoredEvent[]> {
  const { contracts, contexts } = rules;
  const list: readonly unknown[] = Array.isArray(body) ? body : [body];
  if (list.length === 0 || list.length > MOST_EVENTS) {
    throw new GatewayError(
      'event-invalid',
      `a batch has 1 to ${MOST_EVENTS} events, and this one ${list.length}`,
    );
  }
  const source = publisher.kind === 'platform' ? PLATFORM : publisher.pluginId;
  const tenants = createTenantProofs(publisher, rules);
  const withContext = async (
    event: DomainEvent,
    proven: TenantIdentity | undefined,
  ): Promise<DomainEvent> => {
    if (event.tenantContext !== undefined || proven === undefined) return event;
    return { ...event, tenantContext: await contexts.issue(proven, source) };
  };
  const accepted: StoredEvent[] = [];
  for (const [index, item] of list.entries()) {
    const at = Array.isArray(body) ? `/${index}` : '';
    const given = domainEventOf(item);
    if (typeof given === 'string') throw invalid(at, [{ in: 'body', path: '', message: given }]);
    mustBeOwn(given, source, contracts);
    const event = await withContext(given, await tenants(given, at));
    const stored = storedEventOf(event, contracts.groupsOf);
    if (Buffer.byteLength(stored.body) > LARGEST_EVENT) {
      throw new GatewayError('body-too-large', `${where(at)} is larger than ${LARGEST_EVENT} bytes`);
    }
    // After it was written down: the check fills in defaults.
    const violations = contracts.check(event.name, event.data);
    if (violations.length > 0) {
      throw invalid(`${at}/data`, violations, `the payload of ${event.name} is not as declared`);
    }
    accepted.push(stored);
  }
  return accepted;
}

function mustBeOwn({ name, source }: DomainEvent, publisher: string, contracts: EventContracts): void {
  if (source !== publisher) {
    throw new GatewayError(
      'event-source-foreign',
      `this token is of ${publisher}: it cannot publish in the name of ${source}`,
    );
  }
  if (contracts.publishedBy(publisher).has(name)) return;
  throw new GatewayError(
    'event-not-declared',
    publisher === PLATFORM
      ? `${JSON.stringify(name)} is no core event: the platform publishes those alone`
      : `${publisher} does not publish ${JSON.stringify(name)}: add it to "events.publishes" of its plugin.json, run ` +
          '`plexica build`, and deploy the result with the gateway',
  );
}

/**
 * Whose events these are, as far as somebody else than their publisher says so; undefined where plexica.yaml lets the
 * publisher say it. Each context is read once.
 */
function createTenantProofs(publisher: Publisher, { contracts, contexts, overdue }: PublishRules) {
  const read = new Map<string, ReturnType<TenantContexts['read']>>();

  return async (event: DomainEvent, at: string): Promise<TenantIdentity | undefined> => {
    if (publisher.kind === 'platform') return stated(event, at);
    const { pluginId, tenant, actAsTenants } = publisher;
    if (event.tenantContext !== undefined) {
      return held(event, await ofEnvelope(event.tenantContext, pluginId), pluginId);
    }
    if (tenant?.tenantId === event.tenantId) return held(event, tenant, pluginId);
    if (actAsTenants.includes(event.tenantId) || actAsTenants.includes('*')) {
      // Who the user is, it says itself; nobody may act as that user.
      stated({ tenantId: event.tenantId }, at);
      return undefined;
    }
    throw tenant === undefined ? unproven(pluginId, event) : notGranted(pluginId, event);
  };

  async function ofEnvelope(context: string, pluginId: string): Promise<TenantIdentity> {
    const reading = read.get(context) ?? contexts.read(context, overdue);
    read.set(context, reading);
    const found = await reading;
    if (found !== undefined && contracts.leadsTo(found.calleeId, pluginId)) return found.identity;
    throw new GatewayError(
      'tenant-context-invalid',
      `the plexicacontext of an event is not valid for ${pluginId}: it is that of the request or event that the plugin ` +
        'is serving',
    );
  }
}

/** An event says of its tenant and user what the context says. */
function held(event: DomainEvent, identity: TenantIdentity, pluginId: string): TenantIdentity {
  if (event.tenantId !== identity.tenantId) throw notGranted(pluginId, event);
  for (const [name, said, proven] of [
    ['userid', event.userId, identity.userId],
    ['workspaceid', event.workspaceId, identity.workspaceId],
  ] as const) {
    if (said === undefined || said === proven) continue;
    throw new GatewayError(
      'tenant-context-invalid',
      `the ${name} of an event of ${pluginId} is not that of the request which the plugin is serving: leave it out`,
    );
  }
  return identity;
}

/** What the platform says is so; it becomes header values. */
function stated(
  { tenantId, userId, workspaceId }: Pick<DomainEvent, 'tenantId' | 'userId' | 'workspaceId'>,
  at: string,
): TenantIdentity {
  for (const [name, value] of Object.entries({
    tenantid: tenantId,
    userid: userId,
    workspaceid: workspaceId,
  })) {
    if (value === undefined || isHeaderValue(value)) continue;
    const message = 'must be printable ASCII of at most 256 characters';
    throw invalid(at, [{ in: 'body', path: `/${name}`, message }]);
  }
  return {
    tenantId,
    ...(userId === undefined ? {} : { userId }),
    ...(workspaceId === undefined ? {} : { workspaceId }),
    permissions: [],
  };
}

function unproven(pluginId: string, { name }: DomainEvent): GatewayError {
  return new GatewayError(
    'tenant-context-missing',
    `${pluginId} does not prove whose event ${name} is: publish it while a request or event is served, so that its ` +
      `context goes along, or grant the plugin the tenant in plexica.yaml, in upstreams.${pluginId}.actAsTenants`,
  );
}

function notGranted(pluginId: string, { name, tenantId }: DomainEvent): GatewayError {
  return new GatewayError(
    'tenant-not-granted',
    `${pluginId} may not publish ${name} for the tenant ${JSON.stringify(tenantId)}: what it is serving belongs to ` +
      'another tenant',
  );
}

function invalid(at: string, violations: readonly ErrorDetail[], what?: string): GatewayError {
  const details = violations.map((detail) => ({ ...detail, path: `${at}${detail.path}` }));
  const [first] = details;
  const place = first === undefined || first.path === '' ? '' : `${first.path} `;
  return new GatewayError(
    'event-invalid',
    `${what ?? `${where(at)} is not a CloudEvent of Plexica`}: ${place}${first?.message ?? ''}`,
    { details },
  );
}

function where(at: string): string {
  return at === '' ? 'the event' : `the event at ${at}`;
}
