import { isIP } from 'node:net';

/** Which origins may register: one scheme, one host or the hosts right below it, one port or any. */
export interface OriginPattern {
  readonly protocol: 'http:' | 'https:';
  /** As the URL parser writes it: lower case, IP addresses in their one normal form. */
  readonly hostname: string;
  /** Whether exactly one more label stands before `hostname`. */
  readonly below: boolean;
  /** As the URL parser writes it: empty for the scheme's own; undefined for any. */
  readonly port: string | undefined;
}

const PATTERN = /^(https?):\/\/(\*\.)?([^\s/:*?#@[\]\\]+|\[[0-9A-Fa-f:.]+\])(?::(\*|[0-9]{1,5}))?\/?$/;

/**
 * Reads a pattern of `allowRegistration`: `http://localhost:*`, `https://*.plugins.example`,
 * `http://10.1.2.3:3100`. Undefined for anything else.
 */
export function parseOriginPattern(text: string): OriginPattern | undefined {
  const [, scheme, wildcard, host, port = ''] = PATTERN.exec(text) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const origin = `${scheme}://${host}${port === '*' || port === '' ? '' : `:${port}`}`;
  if (!URL.canParse(origin)) return undefined;
  const url = new URL(origin);
  const below = wildcard !== undefined;
  if (below && isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined;
  return {
    protocol: url.protocol === 'https:' ? 'https:' : 'http:',
    hostname: url.hostname,
    below,
    port: port === '*' ? undefined : url.port,
  };
}

/** Compares what the URL parser made of both sides, never text with text. */
export function matchesOrigin(pattern: OriginPattern, { protocol, hostname, port }: URL): boolean {
  if (protocol !== pattern.protocol) return false;
  if (pattern.port !== undefined && port !== pattern.port) return false;
  if (!pattern.below) return hostname === pattern.hostname;
  const suffix = `.${pattern.hostname}`;
  return hostname.endsWith(suffix) && /^[^.]+$/.test(hostname.slice(0, -suffix.length));
}
