import { head } from './start-target.ts';

/** The headers of a client that asks for a WebSocket connection. */
export const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
];

/** The head of a plugin that agrees, up to its further lines. */
export const AGREED = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';

/** Asks CRM for a WebSocket connection. */
export function upgrade(...lines: readonly string[]): string {
  return head('GET /plugin-crm/live', ...UPGRADE, ...lines);
}
