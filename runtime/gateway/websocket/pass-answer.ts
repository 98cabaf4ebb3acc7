import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { EVERY_ANSWER } from '../rules/security-headers.ts';
import type { UpgradeAnswer } from './open-tunnel.ts';

/** How long a client may go on once everything is said, in milliseconds: long enough to read it. */
const LINGER = 2_000;

/**
 * Gives the client what the plugin said: where it agreed, both connections become one; where it declined, its answer,
 * after which the connection ends.
 *
 * @param headers those of the answer that a client may see; from Node's parser, which lets no line break in
 * @param patience how long a declining answer may stand still, in milliseconds
 */
export function passAnswer(
  upgrade: UpgradeAnswer,
  headers: Readonly<Record<string, string | string[]>>,
  requestId: string,
  client: Duplex,
  patience: number,
): void {
  const { answer } = upgrade;
  const agreed = upgrade.kind === 'agreed';
  const lines = Object.entries({
    ...headers,
    ...EVERY_ANSWER,
    'x-request-id': requestId,
    ...(agreed ? { connection: 'Upgrade', upgrade: 'websocket' } : { connection: 'close' }),
  }).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  const status = answer.statusCode ?? 502;
  // Node's parser makes one character of each byte.
  client.write([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', ''].join('\r\n'), 'latin1');

  const source: NodeJS.ReadableStream & { destroy(): unknown } = agreed ? upgrade.tunnel : answer;
  source.pipe(client);
  source.once('close', () => hangUp(client));
  client.once('close', () => source.destroy());
  if (agreed) {
    client.pipe(upgrade.tunnel);
    upgrade.tunnel.once('error', () => client.destroy());
  } else {
    // Nobody hears what the client still sends; but only one that is read is seen to go away.
    client.resume();
    client.once('end', () => client.destroy());
    answer.setTimeout(patience, () => answer.destroy());
    answer.once('error', () => client.destroy());
  }
}

/** A client that never closes its side would keep its connection, and its place at the plugin, for ever. */
function hangUp(client: Duplex): void {
  client.unpipe();
  client.resume();
  client.end();
  client.once('end', () => client.destroy());
  const timer = setTimeout(() => client.destroy(), LINGER).unref();
  client.once('close', () => clearTimeout(timer));
}
