/** What plexica.yaml says to the gateway: variables put in, defaults filled in, times in milliseconds, sizes in bytes. */
export interface GatewayConfig {
  /** The absolute path of plexica.yaml. */
  readonly file: string;
  /** The absolute folder of plexica.yaml, to which its relative paths refer. */
  readonly folder: string;
  /** The absolute folder that `plexica build` writes: the route table, the OpenAPI documents. */
  readonly out: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The largest request body, in bytes. */
  readonly maxBody: number;
  /** How long a plugin may take to answer, in milliseconds. */
  readonly timeout: number;
  /** The absolute path of the gateway's signing keys. */
  readonly keysFile: string;
  /** The absolute path of the folder that keeps what must outlive the gateway. */
  readonly stateFolder: string;
  readonly workers: number;
  /** How long requests under way may go on when the gateway stops, in milliseconds. */
  readonly drain: number;
  /** Addresses and subnets of the proxies that are believed about clients. */
  readonly trustedProxies: readonly string[];
  /** Undefined where no page of another origin may call the gateway. */
  readonly cors: CorsConfig | undefined;
  readonly identity: IdentityConfig;
  /** By plugin id. */
  readonly upstreams: ReadonlyMap<string, UpstreamConfig>;
  readonly health: HealthConfig;
  readonly circuit: CircuitConfig;
  readonly retry: RetryConfig;
  /** What holds for a plugin whose upstream says nothing of its own. */
  readonly limits: LimitsConfig;
  readonly dependencyPolicy: DependencyPolicy;
  readonly rateLimits: RateLimitsConfig;
  /** Undefined where no spans are exported. */
  readonly telemetry: TelemetryConfig | undefined;
  readonly log: LogConfig;
  readonly events: EventsConfig;
}

export interface IdentityConfig {
  readonly provider: IdentityProviderConfig;
  readonly claims: ClaimNamesConfig;
}

export type IdentityProviderConfig =
  | { readonly kind: 'development' }
  | {
      readonly kind: 'jwt';
      readonly issuer: string;
      readonly audience: string;
      readonly algorithms: readonly string[];
      readonly key: JwtKeySource;
      /** In milliseconds. */
      readonly clockTolerance: number;
    };

export type JwtKeySource =
  | { readonly kind: 'jwks'; readonly uri: URL }
  /** The absolute path of a PEM (SPKI) or JWK file. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'secret'; readonly secret: string };

/** Which claim holds what; a dot reaches into an object. */
export interface ClaimNamesConfig {
  readonly tenant: string;
  readonly user: string;
  readonly workspace: string;
  readonly permissions: string;
}

export interface UpstreamConfig {
  /** Base URLs of the configured instances. */
  readonly urls: readonly URL[];
  /** Origin patterns from which instances may register, such as `http://localhost:*`. */
  readonly allowRegistration: readonly string[];
  /** In milliseconds; undefined where the gateway's own limit holds. */
  readonly timeout: number | undefined;
  /** In bytes; undefined where the gateway's own limit holds. */
  readonly maxBody: number | undefined;
  /** Tenants for which the plugin may act outside of a request of theirs; `*` stands for all. */
  readonly actAsTenants: readonly string[];
  readonly limits: LimitsConfig;
  readonly dependencyPolicy: DependencyPolicy;
}

export interface CorsConfig {
  /** `https://app.example.com`, `https://*.example.com`. */
  readonly origins: readonly string[];
  readonly credentials: boolean;
  /** In milliseconds. */
  readonly maxAge: number;
}

/** `fail`: users of a plugin get 503 while one that it requires is UNAVAILABLE. */
export type DependencyPolicy = 'degrade' | 'fail';

/** Of one plugin, all its instances together. */
export interface LimitsConfig {
  /** Requests under way. */
  readonly maxConcurrent: number;
  /** Requests that wait for one of these. */
  readonly maxQueue: number;
  /** How long a request waits, in milliseconds. */
  readonly queueTimeout: number;
}

/** Times in milliseconds. */
export interface CircuitConfig {
  /** Failed calls within the window, at least half of all, that open the circuit of an instance. */
  readonly failures: number;
  readonly window: number;
  /** How long the first opening keeps an instance out. */
  readonly open: number;
}

export interface RetryConfig {
  /** The share of requests to a plugin that may be tried again. */
  readonly budget: number;
}

export interface RateLimitsConfig {
  /** Of all requests of one tenant. */
  readonly tenant: RateLimit | undefined;
  /** Of one user, one plugin, or one address of somebody without a token. */
  readonly caller: RateLimit | undefined;
  /** Where gateways count together; undefined where each counts by itself. */
  readonly redis: URL | undefined;
}

export interface RateLimit {
  /** Requests. */
  readonly max: number;
  readonly windowMs: number;
}

export interface TelemetryConfig {
  readonly otlp: URL;
  readonly serviceName: string;
  /** The share of traces begun here that are exported, 0 to 1. */
  readonly sample: number;
}

export interface LogConfig {
  readonly level: string;
  /** Whether every request is logged. */
  readonly access: boolean;
}

/** Times in milliseconds. */
export interface HealthConfig {
  readonly interval: number;
  readonly timeout: number;
  readonly slow: number;
  readonly rise: number;
  readonly fall: number;
}

export interface EventsConfig {
  readonly transport: EventTransportConfig;
  /** How long events are kept, settled or not, in milliseconds. */
  readonly retention: number;
  /** Of the embedded store, in bytes. */
  readonly maxSize: number;
  readonly retry: EventRetryConfig;
  /** Of `api.request`: the share of requests, and how long they are gathered, in milliseconds. */
  readonly apiRequests: { readonly sample: number; readonly every: number };
}

export type EventTransportConfig = { readonly kind: 'embedded' } | ({ readonly kind: 'kafka' } & KafkaConfig);

export interface KafkaConfig {
  /** `host:port` */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** Before the names of topics and groups. */
  readonly prefix: string;
  readonly partitions: number;
  /** Undefined for the broker's own default. */
  readonly replicationFactor: number | undefined;
  /** Undefined without TLS. Absolute paths of PEM files. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
  readonly sasl: KafkaSaslConfig | undefined;
}

export interface KafkaSaslConfig {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** Times in milliseconds. */
export interface EventRetryConfig {
  readonly attempts: number;
  readonly initial: number;
  readonly max: number;
}
