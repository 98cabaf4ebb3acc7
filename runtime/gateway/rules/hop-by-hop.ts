/** RFC 9110, 7.6.1, with what older software says instead; and what belongs to one connection alone. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const NONE: ReadonlySet<string> = new Set();

/** What the values of `Connection` name, in lower case: headers of this hop too. */
export function connectionTokens(values: readonly string[]): ReadonlySet<string> {
  if (values.length === 0) return NONE;
  return new Set(values.flatMap((value) => value.toLowerCase().split(',')).map((token) => token.trim()));
}

/** The name as servers read it that take `X_Tenant_ID` or `X.Tenant.ID` for `X-Tenant-ID`. The name is in lower case. */
export function asDashes(name: string): string {
  return name.replace(/[^a-z0-9]/g, '-');
}

/**
 * Whether a header is another spelling of one that says what a body is, such as `Content_Length`: of two, nobody knows
 * which one a server reads.
 *
 * @param plain the name as `asDashes` has it
 */
export function isSecondName(name: string, plain: string): boolean {
  return name !== plain && plain.startsWith('content-');
}
