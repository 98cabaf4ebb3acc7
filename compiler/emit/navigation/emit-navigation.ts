import { type Emitter, jsonFile } from '../emitter.ts';
import { navigation } from './navigation.ts';

/** `navigation.json`: what the platform's frontend shows of all plugins. */
export const emitNavigation: Emitter = (program) => [jsonFile('navigation.json', navigation(program))];
