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
  readonly identity: IdentityConfig;
  /** By plugin id. */
  readonly upstreams: ReadonlyMap<string, UpstreamConfig>;
  readonly health: HealthConfig;
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
}

/** Times in milliseconds. */
export interface HealthConfig {
  readonly interval: number;
  readonly timeout: number;
  readonly slow: number;
  readonly rise: number;
  readonly fall: number;
}
