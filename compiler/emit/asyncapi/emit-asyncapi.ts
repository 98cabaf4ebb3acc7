import { type Emitter, jsonFile } from '../emitter.ts';
import { asyncApiDocument } from './asyncapi-document.ts';

/** `asyncapi.json`: every event of the workspace, for people and for tools that read AsyncAPI. */
export const emitAsyncApi: Emitter = (program) => [jsonFile('asyncapi.json', asyncApiDocument(program))];
