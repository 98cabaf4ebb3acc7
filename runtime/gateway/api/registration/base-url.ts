/** A base URL, or what is wrong with it. */
export type BaseUrl =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false; readonly problem: string };

/** As the URL parser writes it: a name, an IPv4 address, or an IPv6 address in brackets. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/;

/**
 * Reads the base URL that an instance names. It is read as the gateway's client will read it, and what only
 * looks like the address that it leads to is refused.
 */
export function readBaseUrl(text: string): BaseUrl {
  if (/[\s\\\p{Cc}]/u.test(text)) return wrong('must not contain white space, "\\" or control characters');
  if (!/^https?:\/\//i.test(text)) return wrong('must begin with http:// or https://');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return wrong('is not a URL');
  if (url.username !== '' || url.password !== '' || text.includes('@'))
    return wrong('must not contain a user name or password');
  if (/[?#]/.test(text)) return wrong('must not have a query or a fragment');
  if (!HOST.test(url.hostname)) return wrong('must name a host in letters, digits, "-", "." and "_"');
  if (url.hostname.endsWith('.')) return wrong('must not have a host name that ends with a dot');
  if (!/^(\/[A-Za-z0-9\-._~]+)*\/?$/.test(url.pathname)) {
    return wrong('may have only letters, digits, "-", ".", "_" and "~" in the segments of its path');
  }
  return { ok: true, url };
}

function wrong(problem: string): BaseUrl {
  return { ok: false, problem };
}
