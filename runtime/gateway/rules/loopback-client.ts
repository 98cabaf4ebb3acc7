import { BlockList, isIP } from 'node:net';
import { asDashes } from './hop-by-hop.ts';
import { OF_PROXIES } from './proxy-headers.ts';
import { headerValues, type RequestHead } from './request-head.ts';

const LOOPBACK = loopbackRanges();

/** Headers of proxies and of browsers: behind either of them is somebody else than a process of this machine. */
const OF_SOMEBODY_ELSE: ReadonlySet<string> = new Set([...OF_PROXIES, 'via', 'origin', 'sec-fetch-site']);

function isOfSomebodyElse(name: string): boolean {
  return OF_SOMEBODY_ELSE.has(name) || /^x-forwarded(?:-|$)/.test(name);
}

/**
 * Whether a request comes from a process of this very machine: its peer is, no proxy passed it on, and no web page
 * made it. A page can have its own name resolve to this machine, and then sends no `Origin` with a GET; its `Host`
 * gives it away.
 */
export function isLoopbackClient({
  remoteAddress,
  rawHeaders,
}: Pick<RequestHead, 'remoteAddress' | 'rawHeaders'>): boolean {
  if (!isLoopback(remoteAddress)) return false;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (isOfSomebodyElse(asDashes((rawHeaders[at] ?? '').toLowerCase()))) return false;
  }
  return headerValues(rawHeaders, 'host').every(namesThisMachine);
}

function namesThisMachine(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[|\]$/g, '');
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name);
}

function isLoopback(address: string | undefined): boolean {
  const version = address === undefined ? 0 : isIP(address);
  return address !== undefined && version !== 0 && LOOPBACK.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

function loopbackRanges(): BlockList {
  const ranges = new BlockList();
  ranges.addSubnet('127.0.0.0', 8, 'ipv4');
  ranges.addAddress('::1', 'ipv6');
  return ranges;
}
