import { type Emitter, jsonFile } from '../emitter.ts';
import { routeTable } from './route-table.ts';

/** `routes.json`: what the gateway loads. */
export const emitRoutes: Emitter = (program) => [jsonFile('routes.json', routeTable(program))];
