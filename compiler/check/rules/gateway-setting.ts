import { isBroker, isOriginPattern, isSubnet } from '@plexica/types';
import type { Finding } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/quote.ts';
import { type DocumentNode, nodeAt, type ObjectNode, type Path, type ScalarNode } from '../../ir/document.ts';
import type { Rule } from '../rule.ts';

/** The gateway does not start with what plexica.yaml says of addresses and times; CI can tell that before it. */
export const gatewaySetting: Rule = {
  code: 'PLX4022',
  name: 'gateway-setting',
  severity: 'error',

  *check({ workspace: { root } }) {
    for (const path of durationsIn(root)) yield* longEnough(root, path);
    yield* each(root, ['gateway', 'cors', 'origins'], isOriginPattern, {
      what: 'no origin',
      help: 'write a scheme, a host and perhaps a port, such as https://app.example.com or https://*.example.com',
    });
    yield* each(root, ['gateway', 'trustedProxies'], isSubnet, {
      what: 'neither an IP address nor a subnet',
      help: 'write the address of the proxy, or a subnet such as 10.0.0.0/8',
    });
    yield* brokers(root);
  },
};

/** Limits and intervals of which nothing would stop everything. */
const DURATIONS: readonly Path[] = [
  ['gateway', 'timeout'],
  ['health', 'interval'],
  ['health', 'timeout'],
  ['circuit', 'window'],
  ['circuit', 'open'],
  ['rateLimits', 'tenant', 'window'],
  ['rateLimits', 'caller', 'window'],
  ['events', 'retention'],
  ['events', 'apiRequests', 'every'],
];

function durationsIn(root: ObjectNode): Path[] {
  const upstreams = nodeAt(root, ['upstreams']);
  const ids = upstreams?.kind === 'object' ? [...upstreams.members.keys()] : [];
  return [...DURATIONS, ...ids.map((id) => ['upstreams', id, 'timeout'])];
}

function* longEnough(root: ObjectNode, path: Path): Generator<Finding> {
  const node = nodeAt(root, path);
  if (!isText(node) || !/^0+(?:ms|s|m|h)$/.test(node.value)) return;
  yield {
    at: node.span,
    message: `${path.join('.')} must be longer than ${node.value}`,
    label: 'no time at all',
    help: 'write how long, such as 5s',
  };
}

function* each(
  root: ObjectNode,
  path: Path,
  isRight: (text: string) => boolean,
  { what, help }: { readonly what: string; readonly help: string },
): Generator<Finding> {
  const list = nodeAt(root, path);
  if (list?.kind !== 'array') return;
  for (const item of list.items) {
    if (!isText(item) || isRight(item.value)) continue;
    yield {
      at: item.span,
      message: `${path.join('.')} lists ${quote(item.value)}, which is ${what}`,
      label: what,
      help,
    };
  }
}

/** With Kafka the gateway must know where it is. Brokers are listed in one text, as environment variables have them. */
function* brokers(root: ObjectNode): Generator<Finding> {
  const transport = nodeAt(root, ['events', 'transport']);
  if (!isText(transport) || transport.value !== 'kafka') return;
  const list = nodeAt(root, ['events', 'brokers']);
  const help = 'write host:port, separated by commas, such as kafka-1:9092,kafka-2:9092';
  if (list === undefined) {
    yield {
      at: transport.span,
      message: 'events.transport is kafka, and events.brokers is missing',
      label: 'needs "brokers"',
      help: `add "brokers" beside it: ${help}`,
    };
  }
  if (!isText(list)) return;
  const wrong = list.value.split(',').find((broker) => !isBroker(broker.trim()));
  if (wrong === undefined) return;
  yield {
    at: list.span,
    message: `events.brokers lists ${quote(wrong.trim())}, which is not of the form host:port`,
    label: 'not host:port',
    help,
  };
}

/** What holds a variable without a value is known to the deployment alone. */
function isText(node: DocumentNode | undefined): node is ScalarNode & { readonly value: string } {
  return node?.kind === 'scalar' && typeof node.value === 'string' && !node.value.includes('${');
}
