import { hardLine, join, type Layout } from './layout.ts';
import { commentLines } from './text.ts';

/** What a JSDoc comment says. */
export interface Documentation {
  readonly text?: string | undefined;
  readonly deprecated?: boolean | undefined;
}

/** A JSDoc comment, with the end of its last line; nothing where there is nothing to say. */
export function docComment({ text = '', deprecated = false }: Documentation): Layout {
  const rows = commentLines(text);
  while (rows.at(-1) === '') rows.pop();
  while (rows[0] === '') rows.shift();
  if (deprecated) rows.push(...(rows.length === 0 ? [] : ['']), '@deprecated');
  const [first, ...others] = rows;
  if (first === undefined) return '';
  if (others.length === 0) return [`/** ${first} */`, hardLine];
  const body = rows.map((row) => (row === '' ? ' *' : ` * ${row}`));
  return [join(hardLine, ['/**', ...body, ' */']), hardLine];
}
