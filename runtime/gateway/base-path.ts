/** Everything that the gateway serves stands below it: its own endpoints, and `/{pluginId}{path}` of every plugin. */
export const BASE_PATH = '/api/plugin-gateway';
