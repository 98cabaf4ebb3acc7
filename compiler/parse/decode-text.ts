import { type Diagnostic, diagnostic, type Outcome } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../ir/source.ts';
import { byteOrderMark, fileTooLarge, notUtf8 } from './kinds.ts';
import { LARGEST_FILE } from './limits.ts';

/** Reads bytes as UTF-8. `path` is what messages show. No value where they are too many or not UTF-8. */
export function decodeText(path: string, bytes: Uint8Array): Outcome<SourceFile | undefined> {
  const nothing = { path, text: '' };
  const start = { file: nothing, start: 0, end: 0 };
  if (bytes.length > LARGEST_FILE) {
    const finding = {
      at: start,
      message: `${path} is larger than ${LARGEST_FILE / 1024 / 1024} MiB`,
      help: 'split it: put schemas into files of their own and name them with "$ref": "./schemas/name.json"',
    };
    return { value: undefined, diagnostics: [diagnostic(fileTooLarge, finding)] };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { value: undefined, diagnostics: [notText(path, bytes, nothing)] };
  }
  if (!text.startsWith('\uFEFF')) return { value: { path, text }, diagnostics: [] };
  const file = { path, text: text.slice(1) };
  const finding = {
    at: { file, start: 0, end: 0 },
    message: `${path} begins with a byte order mark`,
    help: 'save it as "UTF-8", not as "UTF-8 with BOM"',
  };
  return { value: file, diagnostics: [diagnostic(byteOrderMark, finding)] };
}

function notText(path: string, bytes: Uint8Array, file: SourceFile): Diagnostic {
  const offset = firstBadByte(bytes);
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return diagnostic(notUtf8, {
    at: { file, start: 0, end: 0 },
    message: utf16
      ? `${path} is UTF-16, not UTF-8`
      : `${path} is not UTF-8: byte ${offset} belongs to no character`,
    help: 'save it as UTF-8',
  });
}

/** The number of bytes, from the start, that are UTF-8. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (good < bad) {
    const middle = Math.ceil((good + bad) / 2);
    if (isUtf8Start(bytes.subarray(0, middle))) good = middle;
    else bad = middle - 1;
  }
  return good;
}

/** Whether the bytes are UTF-8, a cut character at their end aside. */
function isUtf8Start(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
