import type { Emitter } from '../emitter.ts';
import { eventsFile } from './events-file.ts';
import { platformPayloadsFile, pluginPayloadsFile } from './payloads-file.ts';
import { pluginEventsFile } from './plugin-events-file.ts';

/**
 * `events.json` for the gateway; `events/<plugin>.ts`, what a plugin's own backend imports, for plugins that have to do with
 * events; and `events/payloads/<publisher>.ts`, the types of payloads, which several of those import.
 */
export const emitEvents: Emitter = function* (program) {
  yield eventsFile(program);
  const core = program.events.filter(({ plugin }) => plugin === undefined);
  const wanted = program.plugins.flatMap(({ subscribes, hooks }) => [...subscribes, ...hooks]);
  if (wanted.some(({ event }) => event !== undefined && core.includes(event)))
    yield platformPayloadsFile(core);
  for (const plugin of program.plugins) {
    const { publishes, subscribes, hooks } = plugin;
    if (publishes.length > 0) yield pluginPayloadsFile(plugin, program);
    if (publishes.length + subscribes.length + hooks.length > 0) yield pluginEventsFile(plugin, program);
  }
};
