import {
  isServiceRegistration,
  type SchemaViolation,
  type ServiceRegistration,
  validateServiceRegistration,
} from '@plexica/types';
import { valid } from 'semver';
import { GatewayError } from '../../errors.ts';
import { ruleInWords } from '../../validation/rule-in-words.ts';
import { readBaseUrl } from './base-url.ts';

/** A registration that makes sense in itself. */
export interface Registration {
  readonly pluginId: string;
  readonly services: ServiceRegistration['services'];
  /** Where the instance is; all services name the same. */
  readonly baseUrl: URL;
  /** In the registrant's own spelling. */
  readonly givenUrl: string;
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
  const { pluginId, services } = body;
  const places = placesOf(body);
  const problems = [
    ...services.flatMap(({ version }, index) =>
      valid(version) === version ? [] : [`services[${index}].version must be a version such as 1.0.0`],
    ),
    ...places.flatMap(({ at, read }) => (read.ok ? [] : [`${at} ${read.problem}`])),
    ...(places.length === 0
      ? ['baseUrl is missing, and there is no service that says where the instance is']
      : []),
  ];
  const [first, ...others] = places.flatMap(({ given, read }) => (read.ok ? [{ given, url: read.url }] : []));
  if (first === undefined || problems.length > 0) throw invalid(problems);
  if (others.some(({ url }) => url.href !== first.url.href)) {
    throw invalid(['all services must have the same baseUrl: register each instance by itself']);
  }
  return { pluginId, services, baseUrl: first.url, givenUrl: first.given };
}

/** Everywhere that a registration says where the instance is. */
function placesOf({ baseUrl, services }: ServiceRegistration) {
  const named = services.map((service, index) => ({
    at: `services[${index}].baseUrl`,
    given: service.baseUrl,
  }));
  const all = baseUrl === undefined ? named : [{ at: 'baseUrl', given: baseUrl }, ...named];
  return all.map((place) => ({ ...place, read: readBaseUrl(place.given) }));
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

function problemOf({ instancePath, keyword, params, parentSchema }: SchemaViolation): string {
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
  return `${at === '' ? 'the body' : at} ${ruleInWords({ keyword, params, schema: parentSchema?.[keyword] })}`;
}
