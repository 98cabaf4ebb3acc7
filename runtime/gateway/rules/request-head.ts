/** A request before its body. Node's `IncomingMessage` holds all of it; so does every other carrier's request. */
export interface RequestHead {
  readonly method: string;
  /** As it stood in the request line. */
  readonly target: string;
  /** Names and values in turn, as they came: duplicates, case and all. */
  readonly rawHeaders: readonly string[];
  /** The address of the peer. */
  readonly remoteAddress: string | undefined;
  readonly protocol: 'http' | 'https';
  readonly requestId: string;
}

/** All values of a header. The name is in lower case. */
export function headerValues(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const value = rawHeaders[at + 1];
    if (value !== undefined && rawHeaders[at]?.toLowerCase() === name) values.push(value);
  }
  return values;
}

/** The value of a header that may stand once; undefined where it stands not at all, or more than once. */
export function singleHeader(rawHeaders: readonly string[], name: string): string | undefined {
  const values = headerValues(rawHeaders, name);
  return values.length === 1 ? values[0] : undefined;
}
