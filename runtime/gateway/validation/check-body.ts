import type { IncomingMessage } from 'node:http';
import type { ErrorDetail } from '../errors.ts';
import type { Admission } from '../proxy/admit-request.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';
import { parseJsonBody } from './parse-json-body.ts';
import { type KeepBody, readBody } from './read-body.ts';
import { requestInvalid } from './request-invalid.ts';

/**
 * The largest body that is checked, in bytes, where the deployment allows larger ones. A checked body is held in memory, and
 * nothing else is done while it is parsed and checked: some 10 ms for each megabyte.
 */
const LARGEST = 4 * 1024 * 1024;

/** The largest body of a route, in bytes. */
export function largestBody({ route }: PreparedRoute, maxBody: number): number {
  return route.validates?.includes('body') === true ? Math.min(maxBody, LARGEST) : maxBody;
}

/**
 * Reads and checks the body of an admitted request where its route has a schema for it. A request without a body is
 * checked as `null`, as Fastify does it: a schema that takes null makes the body optional.
 *
 * @returns the bytes as they came, to be forwarded; undefined where the body is not read here
 * @param keep keeps account of a body that is read
 * @throws GatewayError `bad-request`, `body-too-large`, `client-gone`, `plugin-busy`, `request-invalid`, `request-timeout`
 */
export async function checkBodySchema(
  admission: Admission,
  request: IncomingMessage,
  keep?: KeepBody,
): Promise<Buffer | undefined> {
  const { deployment, route, hasBody, maxBody, timeout } = admission;
  const validate = deployment.validation.of(route)?.body;
  // A GET has no body, whatever its manifest says.
  if (validate === undefined || route.route.method === 'GET') return undefined;
  const bytes = hasBody ? await readBody(request, maxBody, timeout, keep) : undefined;
  if (bytes === undefined || bytes.length === 0) {
    if (validate(null).length > 0) throw requestInvalid(route, [MISSING]);
    return bytes;
  }
  const details = validate(parseJsonBody(bytes));
  if (details.length > 0) throw requestInvalid(route, details);
  return bytes;
}

const MISSING: ErrorDetail = { in: 'body', path: '', message: 'is required' };
