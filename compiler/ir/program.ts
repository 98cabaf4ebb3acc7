import type { JsonSchema, PluginEndpoint } from '@plexica/types';
import type { DocumentNode, ObjectNode } from './document.ts';
import type { Manifest, WorkspaceFile } from './manifest.ts';
import type { Located, Span } from './source.ts';

/**
 * The whole workspace, linked: names have become objects, short forms are written out, defaults are filled
 * in. Rules judge it and emitters print it; nobody changes it. Plugins stand in the order of their ids,
 * and everything inside them in the order of their manifest.
 */
export interface Program {
  readonly workspace: WorkspaceFile;
  readonly plugins: readonly Plugin[];
  /** Of all plugins. */
  readonly routes: readonly Route[];
  /** Of all plugins. */
  readonly services: readonly Service[];
  /** Of all plugins. */
  readonly edges: readonly Edge[];
  /** The platform's own, then those of all plugins. */
  readonly events: readonly PublishedEvent[];
  /** Ids of plugins whose manifest is too broken to be here; rules do not report them as missing. */
  readonly brokenPlugins: ReadonlySet<string>;
}

export interface Plugin {
  readonly id: Located<string>;
  readonly name: string;
  readonly version: Located<string>;
  readonly manifest: Manifest;
  /** Relative to plexica.yaml, with `/`: where the compiler was started does not matter. Generated files name it. */
  readonly manifestPath: string;
  /** In generated code: `pluginCrm`. */
  readonly identifier: string;
  /** In generated code: `PluginCrm`. */
  readonly typeName: string;
  /** Whether it runs a server: it declares `backend` or `api.services`. */
  readonly hasBackend: boolean;
  readonly permissions: readonly Permission[];
  /** The manifest's named schemas, by name. */
  readonly schemas: ReadonlyMap<string, NamedSchema>;
  /** Every JSON Schema as its author wrote it: named ones, those of endpoints and events, then the schema files. */
  readonly writtenSchemas: readonly WrittenSchema[];
  readonly routes: readonly Route[];
  readonly services: readonly Service[];
  readonly edges: readonly Edge[];
  /** What `dependencies.required` and `.optional` name. */
  readonly pluginDependencies: readonly PluginDependency[];
  /** What `dependencies.conflicts` names. */
  readonly conflicts: readonly Located<string>[];
  /** What `events.publishes` lists. */
  readonly publishes: readonly PublishedEvent[];
  /** What `events.subscribes` lists: the plugin handles them itself. */
  readonly subscribes: readonly Subscription[];
  /** What `backend.hooks` lists: the gateway delivers them to the plugin. */
  readonly hooks: readonly Subscription[];
}

export interface Permission {
  readonly plugin: Plugin;
  /** In normal form: `contacts:read`. */
  readonly name: string;
  readonly description: string | undefined;
  readonly span: Span;
}

export interface NamedSchema {
  readonly plugin: Plugin;
  readonly name: Located<string>;
  /** A `$ref` in it is `#/schemas/Name`, or was refused by a rule. */
  readonly schema: JsonSchema;
  readonly span: Span;
}

/** A JSON Schema where it is written, before anything is put in its place. */
export interface WrittenSchema {
  readonly node: DocumentNode;
  /** Whether it is the whole of a schema file. */
  readonly isFile: boolean;
  /** The schema and all schemas inside it, as far as they are objects. */
  readonly parts: readonly ObjectNode[];
}

export type Method = PluginEndpoint['method'];

/** An endpoint as the gateway serves it: all declarations of one request, merged. */
export interface Route {
  readonly plugin: Plugin;
  readonly method: Method;
  /** As the plugin serves it: `/contacts/:id`. */
  readonly path: Located<string>;
  /** For messages: `GET /contacts/:id of plugin-crm`. */
  readonly label: string;
  /** Where the manifest declares it, `backend.endpoints` first. Never empty. */
  readonly declarations: readonly Declaration[];
  /** Whether users may call it: it stands in `backend.endpoints`. */
  readonly users: boolean;
  /** Whether a user must be signed in. */
  readonly auth: boolean;
  /** What a user needs, all of them, in normal form. */
  readonly permissions: readonly Located<string>[];
  /** Names it in OpenAPI; unique in the plugin. */
  readonly operationId: Located<string>;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  readonly timeoutMs: number | undefined;
  readonly idempotent: boolean;
  readonly rateLimit: { readonly max: number; readonly windowMs: number } | undefined;
  /** Whether the gateway checks bodies against their schema. */
  readonly validateBody: boolean;
  /** Whether it is a GET that becomes a WebSocket connection. */
  readonly webSocket: boolean;
  /** Names of the path's parameters, in order. */
  readonly parameters: readonly string[];
  readonly request: RequestSchemas;
  /** By status (`200`, `4xx`, `default`), envelope and all. */
  readonly responses: ReadonlyMap<string, JsonSchema>;
  readonly answer: Answer;
  /** sha256 of what it promises in normal form; undefined where no service offers it. */
  readonly contract: string | undefined;
}

export interface Declaration {
  /** Undefined for `backend.endpoints`. */
  readonly service: Service | undefined;
  readonly endpoint: PluginEndpoint;
  readonly node: ObjectNode;
  /** What this declaration alone says, its short forms written out. */
  readonly request: RequestSchemas;
  readonly responses: ReadonlyMap<string, JsonSchema>;
}

export interface RequestSchemas {
  readonly params: JsonSchema | undefined;
  readonly querystring: JsonSchema | undefined;
  readonly headers: JsonSchema | undefined;
  readonly body: JsonSchema | undefined;
}

/** What a successful answer holds for the caller, once the envelope is off. */
export type Answer =
  /** `{ success, data }`: the schema of `data`. */
  | { readonly kind: 'data'; readonly schema: JsonSchema }
  /** `{ success, data: [...], total }`: the schema of one item. */
  | { readonly kind: 'list'; readonly schema: JsonSchema }
  /** `{ success, message }`. */
  | { readonly kind: 'message' }
  /** A body of the plugin's own shape: its schema. */
  | { readonly kind: 'whole'; readonly schema: JsonSchema }
  /** The manifest says nothing. */
  | { readonly kind: 'unknown' };

export interface Service {
  readonly plugin: Plugin;
  readonly name: Located<string>;
  readonly version: Located<string>;
  readonly description: string | undefined;
  /** Where a facade holds its client: `['crm', 'contacts']`. */
  readonly propertyPath: readonly string[];
  /** In generated code: `CrmContacts`. */
  readonly typeName: string;
  readonly endpoints: readonly ServiceEndpoint[];
  /** sha256 of what it promises: of the contracts of its endpoints. */
  readonly contract: string;
}

export interface ServiceEndpoint {
  readonly service: Service;
  readonly route: Route;
  /** The client's method: `list`. */
  readonly methodName: Located<string>;
}

/** A declared dependency of one plugin on one service of another. */
export interface Edge {
  readonly caller: Plugin;
  readonly pluginId: Located<string>;
  /** Undefined where the manifest names the plugin alone. */
  readonly serviceName: Located<string> | undefined;
  readonly version: Located<string>;
  readonly required: boolean;
  readonly span: Span;
  /** Undefined where no such plugin is in the workspace. */
  readonly plugin: Plugin | undefined;
  /** The services meant; empty where the name is unknown. */
  readonly services: readonly EdgeService[];
  /** The manifest's `endpoints`, where it has them. */
  readonly endpointNames: readonly Located<string>[] | undefined;
}

export interface EdgeService {
  readonly service: Service;
  /** The endpoints that the caller may use: those it lists, or all. */
  readonly endpoints: readonly ServiceEndpoint[];
}

export interface PluginDependency {
  readonly id: Located<string>;
  readonly version: Located<string> | undefined;
  readonly required: boolean;
  /** Undefined where no such plugin is in the workspace. */
  readonly plugin: Plugin | undefined;
}

/** An event, and who publishes it: exactly one plugin, or the platform. */
export interface PublishedEvent {
  /** Undefined for a core event: the platform publishes it. */
  readonly plugin: Plugin | undefined;
  readonly name: string;
  /** Where its name is written; undefined for a core event. */
  readonly span: Span | undefined;
  readonly description: string | undefined;
  /** Of its payload; undefined where every payload is allowed. A `$ref` in it is `#/schemas/Name` of the plugin. */
  readonly schema: JsonSchema | undefined;
  /** In generated code: `CrmContactCreated`. */
  readonly typeName: string;
}

/** A plugin's wish to be told of an event. */
export interface Subscription {
  /** The subscriber. */
  readonly plugin: Plugin;
  readonly name: Located<string>;
  /** What the subscriber says of the payload, with the place of its key. The publisher's schema is what counts. */
  readonly schema: Located<JsonSchema> | undefined;
  /** Undefined where nobody publishes it. Of several plugins that do, the first; a core event is the platform's. */
  readonly event: PublishedEvent | undefined;
}
