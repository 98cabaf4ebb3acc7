import type { Emitter } from '../emitter.ts';
import { validationFile } from './validation-file.ts';

/** `validation/<plugin>.json` for every plugin with a schema of a request: what the gateway checks requests against. */
export const emitValidation: Emitter = function* ({ plugins }) {
  for (const plugin of plugins) {
    const file = validationFile(plugin);
    if (file !== undefined) yield file;
  }
};
