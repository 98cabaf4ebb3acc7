import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import type { DocumentNode } from '../ir/document.ts';
import { unknownKey } from './kinds.ts';

/**
 * Refuses `__proto__` as a key anywhere: no schema or setting has an honest use for it, and copying it
 * carelessly would change an object's prototype. `constructor` and `prototype` are ordinary names.
 */
export function refusePrototypeKeys(root: DocumentNode): Diagnostic[] {
  const found: Diagnostic[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind === 'array') for (const item of node.items) waiting.push(item);
    if (node.kind !== 'object') continue;
    for (const { key, value } of node.members.values()) {
      if (key.value === '__proto__') {
        found.push(
          diagnostic(unknownKey, {
            at: key.span,
            message: '"__proto__" cannot be a key',
            label: 'not allowed',
            help: 'remove it, or choose another name',
          }),
        );
      } else waiting.push(value);
    }
  }
  return found;
}
