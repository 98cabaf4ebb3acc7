import type { ServerObject } from 'openapi3-ts/oas31';
import type { Program } from '../../ir/program.ts';

/** Where the gateway serves everything; also in `docs/architecture.md`. */
const BASE_PATH = '/api/plugin-gateway';

/**
 * Where the paths of a document begin: below `gateway.publicUrl`, or relative to wherever the document is read from. Of the URL
 * only origin and path are told: a user name or a query has no place in a public document.
 */
export function server({ workspace }: Program): ServerObject {
  const description = 'The gateway';
  const publicUrl = workspace.value.gateway?.publicUrl;
  // An unresolved `${NAME}` would read as a variable of OpenAPI's own.
  if (publicUrl === undefined || !URL.canParse(publicUrl) || publicUrl.includes('{')) {
    return { url: BASE_PATH, description };
  }
  const { origin, pathname } = new URL(publicUrl);
  return { url: `${origin}${pathname.replace(/\/+$/, '')}${BASE_PATH}`, description };
}
