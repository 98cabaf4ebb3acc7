const LONGEST = 60;

/** A text of the user's for a message: in double quotes, on one line, harmless on a terminal, clipped when long. */
export function quote(text: string): string {
  return `"${printable(clip(text))}"`;
}

/** Replaces what could steer a terminal or hide text: control characters, bidirectional marks, lone surrogates. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (character) => ESCAPES[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
