/** The environment variables of a process, or of a test. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Interpolated {
  readonly text: string;
  /** Names without a value and without a default; their markers stay in the text. */
  readonly missing: readonly string[];
}

const MARKER = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in a value of plexica.yaml. As in a shell, an empty variable
 * takes the default.
 */
export function interpolate(text: string, environment: Environment): Interpolated {
  const missing: string[] = [];
  const replaced = text.replace(MARKER, (marker, name: string, fallback: string | undefined) => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined && value !== '') return value;
    if (fallback !== undefined) return fallback;
    missing.push(name);
    return marker;
  });
  return { text: replaced, missing };
}

/**
 * What an interpolated scalar means: a value that consisted of markers is read again as YAML reads a
 * plain scalar, so that `'${PORT:-4000}'` is a number.
 */
export function scalarOf(text: string): string | number | boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  return /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text) ? Number(text) : text;
}
