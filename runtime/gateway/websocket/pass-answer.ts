import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { UpgradeAnswer } from './open-tunnel.ts';

/**
 * Gives the client what the plugin said: where it agreed, both connections become one; where it declined, its answer,
 * after which the connection ends.
 *
 * @param headers those of the answer that a client may see; from Node's parser, which lets no line break in
 */
export function passAnswer(
  upgrade: UpgradeAnswer,
  headers: Readonly<Record<string, string | string[]>>,
  requestId: string,
  client: Duplex,
): void {
  const { answer } = upgrade;
  const agreed = upgrade.kind === 'agreed';
  const lines = Object.entries({
    ...headers,
    'x-request-id': requestId,
    ...(agreed ? { connection: 'Upgrade', upgrade: 'websocket' } : { connection: 'close' }),
  }).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  const status = answer.statusCode ?? 502;
  client.write([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', ''].join('\r\n'));

  const source: NodeJS.ReadableStream & { destroy(): unknown } = agreed ? upgrade.tunnel : answer;
  source.pipe(client);
  source.once('close', () => client.end());
  client.once('close', () => source.destroy());
  if (agreed) {
    client.pipe(upgrade.tunnel);
    upgrade.tunnel.once('error', () => client.destroy());
  } else {
    answer.once('error', () => client.destroy());
  }
}
