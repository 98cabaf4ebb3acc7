import { quote } from '../diagnostics/quote.ts';

const MOST = 8;

/** `"a", "b" and "c"`, for messages. Long lists are cut: `"a", "b" … and 12 more`. */
export function quotedList(names: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  const quoted = names.slice(0, MOST).map(quote);
  if (names.length > MOST) return `${quoted.join(', ')} and ${names.length - MOST} more`;
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${conjunction} ${last}`;
}
