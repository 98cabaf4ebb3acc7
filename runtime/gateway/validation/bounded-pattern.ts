/**
 * The longest text, in UTF-16 units, on which a pattern is tried that may take more than linear time. The compiler lets no
 * pattern through that takes exponential time; one that takes quadratic time, such as `.*a.*b`, is done with such a text in
 * some 20 ms, and with one of a megabyte in an hour.
 */
export const LONGEST_MATCHED = 4096;

/** The expressions of `pattern` and `patternProperties`, for ajv's option `code.regExp`. A text that is too long does not match. */
export function boundedPattern(pattern: string, flags: string): RegExp {
  return isLinear(pattern) ? new RegExp(pattern, flags) : new BoundedPattern(pattern, flags);
}
/** How ajv would name it in code that it writes to a file. */
boundedPattern.code = 'boundedPattern';

const SLOW_FORMATS: ReadonlySet<unknown> = new Set(['regex', 'url']);

/** Whether a format of ajv-formats takes more than linear time. */
export function isSlowFormat(format: unknown): boolean {
  return SLOW_FORMATS.has(format);
}

class BoundedPattern extends RegExp {
  override test(text: string): boolean {
    return text.length <= LONGEST_MATCHED && super.test(text);
  }
}

/**
 * Whether a pattern surely takes linear time: nothing in it repeats, or one thing does and the match begins where the
 * text does. Others may take linear time too; for them the bound holds all the same.
 */
export function isLinear(pattern: string): boolean {
  const bare = pattern.replace(/\\(?:[pPu]\{[^}]*\}|.)/gsu, '_').replace(/\[[^\]]*\]/gu, '_');
  const repetitions = bare.match(/[*+{]/gu)?.length ?? 0;
  if (repetitions === 0) return true;
  return repetitions === 1 && bare.startsWith('^') && !bare.includes('|');
}
