/** The gateway as a library: load a configuration and a table, make it, listen, close. */
export type { GatewayConfig } from './config/gateway-config.ts';
export { loadConfig } from './config/load-config.ts';
export { type ErrorCode, GatewayError, SetupError } from './errors.ts';
export { createGateway, type Gateway, type GatewayOptions } from './server.ts';
export { loadRouteTable } from './table/load-route-table.ts';
export { prepareTable } from './table/prepare.ts';
export type { PreparedTable } from './table/prepared-table.ts';
