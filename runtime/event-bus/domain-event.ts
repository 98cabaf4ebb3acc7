/** Something that happened in a plugin, or in the platform, about one tenant. */
export interface DomainEvent<Data = unknown> {
  /** Unique with `source`; the same on every delivery. */
  readonly id: string;
  /** `crm.contact.created` */
  readonly name: string;
  /** The plugin that published it, or `platform`. */
  readonly source: string;
  /** When it happened, in RFC 3339. */
  readonly time: string;
  readonly tenantId: string;
  readonly workspaceId?: string;
  readonly userId?: string;
  /** Shared by everything that followed from one request. */
  readonly correlationId: string;
  /** The id of the event in whose handler this one was published. */
  readonly causationId?: string;
  /** W3C Trace Context. */
  readonly traceparent?: string;
  readonly tracestate?: string;
  /**
   * The gateway's signed note about whose request the publisher served. With it the gateway lets a handler call other
   * plugins for the event's tenant; see `POST /context` of the gateway.
   */
  readonly tenantContext?: string;
  readonly data: Data;
}
