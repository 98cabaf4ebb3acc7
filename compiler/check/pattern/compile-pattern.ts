import { backtracks } from './backtracks.ts';

/** A pattern of a manifest: usable, or what is wrong with it. */
export type CompiledPattern =
  | { readonly kind: 'safe'; readonly expression: RegExp }
  /** Correct, but some text would take it exponential time. */
  | { readonly kind: 'unsafe' }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Reads a pattern as JSON Schema and the config fields mean it: ECMAScript, flag u, found anywhere in the text. */
export function compilePattern(pattern: string): CompiledPattern {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern, 'u');
  } catch (error) {
    return { kind: 'invalid', reason: reasonOf(error, pattern) };
  }
  return backtracks(pattern) ? { kind: 'unsafe' } : { kind: 'safe', expression };
}

/** V8 writes `Invalid regular expression: /[/u: Unterminated character class`; the last part is the news. */
function reasonOf(error: unknown, pattern: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const shown = `/${pattern}/u: `;
  const at = message.indexOf(shown);
  return (at === -1 ? message : message.slice(at + shown.length)).toLowerCase();
}
