import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import { BlockList, type LookupFunction } from 'node:net';

type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Resolves host names, and drops link-local addresses, where clouds serve their credentials. An allowed
 * name whose DNS record changes to such an address must lead nowhere. Addresses written as such in
 * `plexica.yaml` need no lookup and are not affected.
 */
export function guardedLookup(resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, []);
      const allowed = addresses.filter(({ address }) => !isLinkLocal(address));
      const [first] = allowed;
      if (first === undefined) return done(forbidden(), []);
      return options.all === true ? done(null, allowed) : done(null, first.address, first.family);
    });
  };
}

/** Whether an IP address is link-local or a cloud's metadata service, in any way of writing it. */
export function isLinkLocal(address: string): boolean {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  return LINK_LOCAL.check(address, family);
}

/** Where clouds serve credentials and settings of machines, beside 169.254.169.254. */
const METADATA = [
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::23',
  'fd00:ec2::254',
  'fd20:ce::254',
];

/** BlockList also recognises IPv4 addresses inside IPv6 ones. */
const LINK_LOCAL = linkLocalRanges();

function linkLocalRanges(): BlockList {
  const ranges = new BlockList();
  ranges.addSubnet('169.254.0.0', 16, 'ipv4');
  ranges.addSubnet('fe80::', 10, 'ipv6');
  // The same, where a network translates: IPv4-compatible addresses, NAT64 and 6to4.
  ranges.addSubnet('::169.254.0.0', 112, 'ipv6');
  ranges.addSubnet('64:ff9b::169.254.0.0', 112, 'ipv6');
  ranges.addSubnet('2002:a9fe::', 32, 'ipv6');
  for (const address of METADATA) ranges.addAddress(address, address.includes(':') ? 'ipv6' : 'ipv4');
  return ranges;
}

function forbidden(): NodeJS.ErrnoException {
  return Object.assign(new Error('the host name leads to a link-local address'), { code: 'EADDRFORBIDDEN' });
}
