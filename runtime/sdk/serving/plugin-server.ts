import type { RouteHost } from '../health-route.ts';
import type { RegistrationLog } from '../register-with-gateway.ts';

/** What the SDK asks of the server that it runs: a Fastify instance fits. */
export interface PluginServer extends RouteHost {
  readonly log: PluginLog;
  readonly server: {
    address(): { readonly port: number } | string | null;
    closeIdleConnections(): void;
  };
  listen(options: { host: string; port: number }): Promise<unknown>;
  addHook(name: 'onResponse', hook: () => Promise<void>): unknown;
  addHook(name: 'preClose', hook: () => Promise<void>): unknown;
  addHook(name: 'onClose', hook: () => Promise<void>): unknown;
  close(): Promise<unknown>;
}

export interface PluginLog extends RegistrationLog {
  warn(message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
