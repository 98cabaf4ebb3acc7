import type { EventsConfig } from '../config/gateway-config.ts';

/** What plugins are told of the transport: where it is, and no secrets. Those are in the environment of each plugin. */
export function transportInWords({ transport, retention }: EventsConfig) {
  if (transport.kind === 'embedded') return { kind: transport.kind };
  const { brokers, clientId, prefix, partitions, replicationFactor, tls, sasl } = transport;
  return {
    kind: transport.kind,
    brokers,
    clientId,
    prefix,
    partitions,
    ...(replicationFactor === undefined ? {} : { replicationFactor }),
    retentionMs: retention,
    tls: tls !== undefined,
    ...(sasl === undefined ? {} : { sasl: { mechanism: sasl.mechanism } }),
  };
}
