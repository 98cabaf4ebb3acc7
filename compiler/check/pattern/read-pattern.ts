/** A pattern of a manifest, or why it is none. */
export type ReadPattern =
  | { readonly kind: 'valid'; readonly expression: RegExp }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Reads a pattern as JSON Schema and the config fields mean it: ECMAScript, flag u, found anywhere in the text. */
export function readPattern(pattern: string): ReadPattern {
  try {
    return { kind: 'valid', expression: new RegExp(pattern, 'u') };
  } catch (error) {
    return { kind: 'invalid', reason: reasonOf(error, pattern) };
  }
}

/** V8 writes `Invalid regular expression: /[/u: Unterminated character class`; the last part is the news. */
function reasonOf(error: unknown, pattern: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const shown = `/${pattern}/u: `;
  const at = message.indexOf(shown);
  return (at === -1 ? message : message.slice(at + shown.length)).toLowerCase();
}
