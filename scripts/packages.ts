/** The folders of the packages that are published, dependencies first. */
export const packages = [
  'schemas',
  'runtime/sdk',
  'runtime/event-bus',
  'compiler',
  'runtime/gateway',
] as const;
