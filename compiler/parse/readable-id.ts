import type { SourceFile } from '../ir/source.ts';
import { JsonTokens, Token } from './json-tokens.ts';

/**
 * The `id` of a manifest that may be malformed elsewhere, so that plugins which depend on it are not told
 * that it is missing. Looks no further than the first `"id"` of the outermost object.
 */
export function readableId(file: SourceFile): string | undefined {
  const tokens = new JsonTokens(file);
  let depth = 0;
  for (; !tokens.is(Token.End); tokens.advance()) {
    if (tokens.is(Token.OpenBrace) || tokens.is(Token.OpenBracket)) depth += 1;
    if (tokens.is(Token.CloseBrace) || tokens.is(Token.CloseBracket)) depth -= 1;
    if (depth !== 1 || !tokens.is(Token.String) || tokens.value !== 'id') continue;
    tokens.advance();
    if (!tokens.is(Token.Colon)) continue;
    tokens.advance();
    return tokens.is(Token.String) && tokens.error === 0 ? tokens.value : undefined;
  }
  return undefined;
}
