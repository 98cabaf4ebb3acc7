/** The folders of the packages that are published, dependencies first. */
export const packages = ['schemas', 'runtime/sdk', 'compiler', 'runtime/gateway'] as const;
