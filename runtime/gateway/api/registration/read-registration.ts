import {
  isServiceRegistration,
  type SchemaViolation,
  type ServiceRegistration,
  validateServiceRegistration,
} from '@plexica/types';
import { valid } from 'semver';
import { GatewayError } from '../../errors.ts';
import { readBaseUrl } from './base-url.ts';

/** A registration that makes sense in itself. */
export interface Registration {
  readonly pluginId: string;
  readonly services: ServiceRegistration['services'];
  /** Where the instance is; all services name the same. */
  readonly baseUrl: URL;
}

/** How many wrong fields an answer lists. */
const MOST_PROBLEMS = 20;

/**
 * Reads the body of a registration.
 *
 * @throws GatewayError `registration-invalid` that lists every wrong field
 */
export function readRegistration(body: unknown): Registration {
  if (!isServiceRegistration(body)) {
    throw invalid(validateServiceRegistration(body).map(problemOf));
  }
  const urls = body.services.map(({ baseUrl }) => readBaseUrl(baseUrl));
  const problems = body.services.flatMap(({ version }, index) => {
    const at = `services[${index}]`;
    const url = urls[index];
    return [
      ...(valid(version) === version ? [] : [`${at}.version must be a version such as 1.0.0`]),
      ...(url === undefined || url.ok ? [] : [`${at}.baseUrl ${url.problem}`]),
    ];
  });
  const [first, ...others] = urls.flatMap((url) => (url.ok ? [url.url] : []));
  if (first === undefined || problems.length > 0) throw invalid(problems);
  if (others.some(({ href }) => href !== first.href)) {
    throw invalid(['all services must have the same baseUrl: register each instance by itself']);
  }
  return { pluginId: body.pluginId, services: body.services, baseUrl: first };
}

/**
 * Reads the base URL of a registered instance, as heartbeats and removals name it.
 *
 * @throws GatewayError `registration-invalid`
 */
export function readInstanceUrl(value: unknown): URL {
  if (typeof value !== 'string') throw invalid(['baseUrl must be the URL that was registered']);
  const read = readBaseUrl(value);
  if (!read.ok) throw invalid([`baseUrl ${read.problem}`]);
  return read.url;
}

function invalid(problems: readonly string[]): GatewayError {
  const shown = problems.slice(0, MOST_PROBLEMS);
  const more = problems.length - shown.length;
  const list = [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return new GatewayError('registration-invalid', `this is not a registration: ${list}`);
}

function problemOf({ instancePath, keyword, params, message }: SchemaViolation): string {
  const at = instancePath
    .split('/')
    .slice(1)
    .map((key) => (/^[0-9]+$/.test(key) ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
  if (keyword === 'required')
    return `${at === '' ? '' : `${at}.`}${String(params.missingProperty)} is missing`;
  if (keyword === 'enum' && Array.isArray(params.allowedValues)) {
    return `${at} must be one of ${params.allowedValues.join(', ')}`;
  }
  return `${at === '' ? 'the body' : at} ${message ?? 'is wrong'}`;
}
