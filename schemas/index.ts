/** JSON Schemas of Plexica's documents: their TypeScript types, validators and small shared readings. */
import type { PluginHookContext } from './types.generated.ts';

export * from './core-events.generated.ts';
export { digestOf, normalForm } from './digest.ts';
export { type Environment, type Interpolated, interpolate, scalarOf } from './interpolate.ts';
export { isBroker, isOriginPattern, isSubnet } from './network.ts';
export * from './types.generated.ts';
export { bytes, milliseconds } from './units.ts';
export * from './validate.ts';

/** Handles one hook of `backend.hooks`. A rejection makes the platform try again. */
export type PluginHookHandler = (context: PluginHookContext) => Promise<unknown>;
