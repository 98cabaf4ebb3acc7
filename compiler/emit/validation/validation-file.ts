import { createHash } from 'node:crypto';
import type { Plugin } from '../../ir/program.ts';
import { type EmittedFile, jsonFile } from '../emitter.ts';
import { validationDocument } from './validation-document.ts';

/** `validation/<plugin>.json`; undefined for a plugin whose endpoints have nothing to check. */
export function validationFile(plugin: Plugin): EmittedFile | undefined {
  const document = validationDocument(plugin);
  return document && jsonFile(`validation/${plugin.id.value}.json`, document);
}

/** The sha256 of the bytes of that file, by which the gateway knows that it belongs to the table. */
export function validationDigest(plugin: Plugin): string | undefined {
  const file = validationFile(plugin);
  return file && `sha256:${createHash('sha256').update(file.text).digest('hex')}`;
}
