import type { Program } from '../../ir/program.ts';
import type { EmittedFile } from '../emitter.ts';
import { facadeFile } from './facade-file.ts';
import { schemasFile } from './schemas-file.ts';
import { serviceFile } from './service-file.ts';

/**
 * `clients/schemas/<plugin>.ts` with the types of named schemas, `clients/services/<service>.ts` with a client for
 * each service, and `clients/<plugin>.ts` with what one plugin may call.
 */
export function* emitClients({ plugins, services }: Program): Generator<EmittedFile> {
  for (const plugin of plugins) {
    if (plugin.schemas.size > 0) yield schemasFile(plugin);
    if (plugin.edges.some((edge) => edge.services.length > 0)) yield facadeFile(plugin);
  }
  for (const service of services) yield serviceFile(service);
}
