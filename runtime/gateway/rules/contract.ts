import semver from 'semver';
import { GatewayError } from '../errors.ts';
import type { PreparedRoute, PreparedTable } from '../table/prepared-table.ts';
import { headerValues, type RequestHead } from './request-head.ts';

/** That a generated client was made from another contract than the one that is served, and may go on. */
export interface ContractDifference {
  readonly callerId: string;
  /** The plugin that is called. */
  readonly pluginId: string;
  readonly service: string;
  /** The service's version and digest when the client was made. */
  readonly made: { readonly version: string; readonly digest: string };
  /** The version that is served. */
  readonly served: string;
}

/**
 * Whether a call of a generated client still means what it meant when the client was made. A call without
 * `X-Plexica-Contract` is made by hand, and nothing is known of it.
 *
 * @returns what differs, where it is compatible by semver; undefined where nothing does
 * @throws GatewayError `bad-header`, `contract-mismatch`
 */
export function checkContract(
  table: PreparedTable,
  route: PreparedRoute,
  callerId: string,
  head: Pick<RequestHead, 'rawHeaders'>,
): ContractDifference | undefined {
  const claim = claimOf(head);
  if (claim === undefined) return undefined;
  const { service: name, version, serviceDigest, endpointDigest } = claim;
  const { pluginId } = route;
  const service = route.route.services.includes(name) ? table.services.get(name)?.service : undefined;
  if (service === undefined) throw mismatch(claim, callerId, notOffered(claim, route));
  if (serviceDigest === service.contract || endpointDigest === route.route.contract) return undefined;
  if (!isLaterAndCompatible(service.version, version)) {
    throw mismatch(claim, callerId, changed(claim, service.version, callerId, pluginId));
  }
  const made = { version, digest: serviceDigest };
  return { callerId, pluginId, service: name, made, served: service.version };
}

/** What `X-Plexica-Contract` says. */
interface Claim {
  readonly service: string;
  readonly version: string;
  readonly serviceDigest: string;
  readonly endpointDigest: string;
}

const FORM = /^([a-z0-9.-]+)@([0-9][0-9A-Za-z.+-]*) (sha256:[0-9a-f]{64}) (sha256:[0-9a-f]{64})$/;

function claimOf({ rawHeaders }: Pick<RequestHead, 'rawHeaders'>): Claim | undefined {
  const values = headerValues(rawHeaders, 'x-plexica-contract');
  if (values.length === 0) return undefined;
  const [, service, version, serviceDigest, endpointDigest] = FORM.exec(values.join()) ?? [];
  if (
    service === undefined ||
    version === undefined ||
    serviceDigest === undefined ||
    endpointDigest === undefined ||
    semver.valid(version) === null
  ) {
    throw new GatewayError(
      'bad-header',
      'X-Plexica-Contract is not of the form that generated clients send: ' +
        '<service>@<version> <digest of the service> <digest of the endpoint>',
    );
  }
  return { service, version, serviceDigest, endpointDigest };
}

function isLaterAndCompatible(served: string, made: string): boolean {
  return semver.valid(served) !== null && semver.gt(served, made) && semver.satisfies(served, `^${made}`);
}

function mismatch({ service, version }: Claim, callerId: string, why: string): GatewayError {
  return new GatewayError(
    'contract-mismatch',
    `the client of ${callerId} was made from ${service} ${version}, ${why}`,
  );
}

function notOffered({ service }: Claim, { endpoint, pluginId, route }: PreparedRoute): string {
  const offering = route.services[0];
  const now = offering === undefined ? 'no service offers it' : `${offering} offers it`;
  return `but ${service} does not offer ${endpoint} of ${pluginId}; ${now}: run \`plexica build\` and redeploy the caller`;
}

function changed({ version }: Claim, served: string, callerId: string, pluginId: string): string {
  const order = semver.valid(served) === null ? 1 : semver.compare(served, version);
  if (order < 0) {
    return (
      `and ${pluginId} still has ${served} here: run \`plexica build\`, and deploy its route table to the gateway ` +
      `before ${callerId}`
    );
  }
  const rebuild = `run \`plexica build\`, adapt ${callerId} to what no longer compiles, and restart or redeploy it`;
  return order === 0
    ? `and ${pluginId} changed what this call means without another version: ${rebuild}`
    : `and ${pluginId} now has ${served}, which ^${version} does not cover: ${rebuild}`;
}
