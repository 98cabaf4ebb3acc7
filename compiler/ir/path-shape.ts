/** The segments of a path: `/contacts/:id` → `['contacts', ':id']`. Total: a wrong path gives odd segments. */
export function pathSegments(path: string): string[] {
  const segments = path.split('/');
  if (segments[0] === '') segments.shift();
  return segments.length === 1 && segments[0] === '' ? [] : segments;
}

/** The name of the parameter that a segment stands for, or undefined for a static segment. */
export function parameterName(segment: string): string | undefined {
  return segment.startsWith(':') ? segment.slice(1) : undefined;
}

/** The names of a path's parameters, in order. */
export function pathParameters(path: string): string[] {
  return pathSegments(path)
    .map(parameterName)
    .filter((name) => name !== undefined);
}

/** What tells requests apart: a path without the names of its parameters, `/contacts/:`. */
export function pathShape(path: string): string {
  return `/${pathSegments(path)
    .map((segment) => (parameterName(segment) === undefined ? segment : ':'))
    .join('/')}`;
}
