import { isIP } from 'node:net';

/** Whether a text is an origin such as `https://app.example.com:8443`; one leading `*.` stands for any subdomain. */
export function isOriginPattern(text: string): boolean {
  const example = text.replace('://*.', '://any.');
  const url = URL.parse(example);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === example && !example.includes('*');
}

/** Whether a text is the address of a Kafka broker: `host:port`, an IPv6 address in brackets. */
export function isBroker(text: string): boolean {
  return /^(?:[^\s:/]+|\[[0-9a-fA-F:]+\]):\d{1,5}$/.test(text);
}

/** Whether a text is an IP address, or a subnet such as `10.0.0.0/8`. All addresses there are (`/0`) are none. */
export function isSubnet(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return (
    prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
  );
}
