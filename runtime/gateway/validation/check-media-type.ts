import { MIMEType } from 'node:util';
import { GatewayError } from '../errors.ts';
import { hasBody } from '../rules/body.ts';
import { headerValues, type RequestHead } from '../rules/request-head.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';

/**
 * Refuses a body that cannot be checked: the schema of a body is one of JSON, and another type, encoding or character
 * set would lead around it.
 *
 * @throws GatewayError `unsupported-media-type`
 */
export function checkMediaType(
  head: Pick<RequestHead, 'rawHeaders'>,
  { endpoint, pluginId }: Pick<PreparedRoute, 'endpoint' | 'pluginId'>,
): void {
  if (!hasBody(head)) return;
  const encodings = headerValues(head.rawHeaders, 'content-encoding');
  if (encodings.some((value) => value.toLowerCase() !== 'identity')) {
    throw new GatewayError(
      'unsupported-media-type',
      `${endpoint} of ${pluginId} takes a body without Content-Encoding: it is checked on its way`,
      { headers: { 'accept-encoding': 'identity' } },
    );
  }
  const types = headerValues(head.rawHeaders, 'content-type');
  if (types.length !== 1 || !isJson(types[0] ?? '')) {
    throw new GatewayError(
      'unsupported-media-type',
      `${endpoint} of ${pluginId} takes JSON: send it as Content-Type: application/json, in UTF-8`,
    );
  }
}

function isJson(value: string): boolean {
  // Of two character sets, one server takes the first and one the last.
  if (value.toLowerCase().split('charset').length > 2) return false;
  try {
    const { essence, params } = new MIMEType(value);
    const charset = params.get('charset')?.toLowerCase() ?? 'utf-8';
    return /^application\/(?:json|[^/]+\+json)$/.test(essence) && (charset === 'utf-8' || charset === 'utf8');
  } catch {
    return false;
  }
}
