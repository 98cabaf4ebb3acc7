import type { OperationObject } from 'openapi3-ts/oas31';
import type { Route } from '../../ir/program.ts';
import { jsonBody } from './examples.ts';
import { escapeMarkdown, firstSentence, singleLine } from './markdown.ts';
import { parameters } from './parameter.ts';
import { responses } from './responses.ts';
import type { Scope } from './scope.ts';

/** An endpoint that users may call, as an OpenAPI operation. */
export function operation(route: Route, templateNames: readonly string[], scope: Scope): OperationObject {
  const { request, permissions } = route;
  const taken = parameters(route, templateNames, scope);
  return {
    operationId: scope.operationId(route),
    summary: summaryOf(route),
    description: descriptionOf(route),
    tags: tagsOf(route).map((tag) => scope.tagName(tag)),
    ...(route.deprecated && { deprecated: true }),
    ...(!route.auth && { security: [] }),
    ...(taken.length > 0 && { parameters: taken }),
    ...(request.body !== undefined && {
      requestBody: { required: true, content: { 'application/json': jsonBody(request.body, scope) } },
    }),
    responses: responses(route, scope),
    ...(permissions.length > 0 && { 'x-plexica-permissions': permissions.map(({ value }) => value) }),
  };
}

/** The tags of a route; one without any stands under its plugin's name. */
export function tagsOf(route: Route): readonly (string | undefined)[] {
  return route.tags.length === 0 ? [undefined] : [...new Set(route.tags)];
}

/** On one line. */
export function summaryOf({ summary, description, method, path }: Route): string {
  const written = summary ?? (description === undefined ? '' : firstSentence(description));
  return singleLine(written) || `${method} ${path.value}`;
}

function descriptionOf(route: Route): string {
  const text = escapeMarkdown(route.description?.trim() || summaryOf(route));
  return [text, accessOf(route), rateOf(route)].filter((part) => part !== undefined).join('\n\n');
}

/** What a user needs beside a token; undefined for nothing. */
export function accessOf({ auth, permissions }: Route): string | undefined {
  if (!auth) return 'Open to everyone: no token is needed.';
  const names = permissions.map(({ value }) => `\`${value}\``);
  if (names.length === 0) return undefined;
  return `Needs the permission${names.length === 1 ? '' : 's'} ${names.join(' and ')}.`;
}

function rateOf({ rateLimit }: Route): string | undefined {
  if (rateLimit === undefined) return undefined;
  const { max, windowMs } = rateLimit;
  const period = windowMs % 1000 === 0 ? `${windowMs / 1000} s` : `${windowMs} ms`;
  return `At most ${max} request${max === 1 ? '' : 's'} in ${period}.`;
}
