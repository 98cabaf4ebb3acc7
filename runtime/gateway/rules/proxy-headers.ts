/**
 * Headers in which proxies say, in the words of this or that product, who the client is and by which name it called;
 * beside `X-Forwarded` and all that begins with it. In lower case.
 */
export const OF_PROXIES: readonly string[] = [
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'client-ip',
  'fastly-client-ip',
  'forwarded',
  'forwarded-for',
  'true-client-ip',
  'x-azure-clientip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-host',
  'x-original-forwarded-for',
  'x-original-host',
  'x-originating-ip',
  'x-real-ip',
  'x-remote-addr',
  'x-remote-ip',
];
