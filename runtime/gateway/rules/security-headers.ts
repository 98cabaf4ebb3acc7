import type { Client } from './client-address.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * On every answer, the plugins' as well: a type that is guessed would make a script of somebody's upload, on the
 * origin that all plugins and the gateway share.
 */
export const EVERY_ANSWER: Headers = { 'x-content-type-options': 'nosniff' };

/**
 * On what the gateway answers by itself: JSON, and the page at `/docs`, which has a content policy of its own. Plugins
 * say these for themselves: they may serve pages that are meant to be embedded, or to be kept.
 */
export const OWN_ANSWER: Headers = {
  ...EVERY_ANSWER,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};

/** One year. Subdomains are other people's. */
const STRICT_TRANSPORT = { 'strict-transport-security': 'max-age=31536000' } as const;

/** For the whole origin, and therefore the gateway's to say: a client that came over https shall do so again. */
export function transportHeaders({ protocol }: Pick<Client, 'protocol'>): Headers {
  return protocol === 'https' ? STRICT_TRANSPORT : {};
}
