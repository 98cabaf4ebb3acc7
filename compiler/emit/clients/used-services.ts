import { calledEndpoints } from '../../ir/called-endpoints.ts';
import type { Plugin, Service } from '../../ir/program.ts';

/** A service, and the methods of its client that one plugin may use. */
export interface UsedService {
  readonly service: Service;
  /** In the order of the service. */
  readonly methods: readonly string[];
  /** Whether these are all that the service has. */
  readonly whole: boolean;
}

/** The services on a plugin's edges, each once, however many edges lead to it. */
export function usedServices({ edges }: Plugin): UsedService[] {
  const used = new Map<Service, Set<string>>();
  for (const { service, endpoints } of edges.flatMap((edge) => edge.services)) {
    const names = used.get(service) ?? new Set();
    for (const { methodName } of endpoints) names.add(methodName.value);
    used.set(service, names);
  }
  return [...used].map(([service, names]) => {
    const all = calledEndpoints(service).map(({ methodName }) => methodName.value);
    const methods = all.filter((name) => names.has(name));
    return { service, methods, whole: methods.length === all.length };
  });
}
