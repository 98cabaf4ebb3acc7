import type { Route } from '../../ir/program.ts';

/** A route as the table names it, in the words of the plugin that serves it: `GET /contacts/:id`. */
export function endpointName(route: Route): string {
  return `${route.method} ${route.path.value}`;
}
