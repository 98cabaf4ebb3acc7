import { headerValues, type RequestHead } from './request-head.ts';

/** Before the token, in the list of subprotocols that a client offers. */
const PREFIX = 'plexica.bearer.';
const OFFERS = 'sec-websocket-protocol';

/**
 * A page cannot set `Authorization` on a WebSocket: it offers its token as a subprotocol, `plexica.bearer.<token>`,
 * beside one that the plugin accepts. Returns the head as if the token had come in `Authorization`; the plugin
 * never sees it. A head that has an `Authorization` keeps it, and loses the offered token.
 */
export function withSubprotocolToken(head: RequestHead): RequestHead {
  const offers = headerValues(head.rawHeaders, OFFERS)
    .flatMap((value) => value.split(','))
    .map((offer) => offer.trim());
  const [token] = offers.filter((offer) => offer.startsWith(PREFIX));
  if (token === undefined) return head;

  const rawHeaders: string[] = [];
  for (let at = 0; at + 1 < head.rawHeaders.length; at += 2) {
    const name = head.rawHeaders[at] ?? '';
    if (name.toLowerCase() !== OFFERS) rawHeaders.push(name, head.rawHeaders[at + 1] ?? '');
  }
  const others = offers.filter((offer) => offer !== '' && !offer.startsWith(PREFIX));
  if (others.length > 0) rawHeaders.push(OFFERS, others.join(', '));
  if (headerValues(rawHeaders, 'authorization').length === 0) {
    rawHeaders.push('authorization', `Bearer ${token.slice(PREFIX.length)}`);
  }
  return { ...head, rawHeaders };
}
