import type { Emitter } from '../emitter.ts';
import { dependenciesFile } from './dependencies-file.ts';
import { serviceClientFile } from './service-client-file.ts';
import { usedServices } from './used-services.ts';

/**
 * `clients/services/<service>.ts`, the client of a service, and `clients/<plugin>.ts`, what one plugin may call:
 * the endpoints on the edges that it declares, and nothing else. A service outside the workspace has no client.
 */
export const emitClients: Emitter = function* (program) {
  for (const service of program.services) yield serviceClientFile(service, program);
  for (const plugin of program.plugins) {
    const services = usedServices(plugin);
    if (services.length > 0) yield dependenciesFile(plugin, services, program);
  }
};
