import { describe, expect, it } from 'vitest';
import { escapeMarkdown, escapeTitle, firstSentence, singleLine } from './markdown.ts';

describe('escapeMarkdown', () => {
  it.each([
    ['plain text, *emphasis* and `code`', 'plain text, *emphasis* and `code`'],
    ['a < b, R&D, <3', 'a < b, R&D, <3'],
    ['[docs](https://plexica.dev/a)', '[docs](https://plexica.dev/a)'],
    ['<script>alert(1)</script>', '&lt;script>alert(1)&lt;/script>'],
    ['<!-- --><?php', '&lt;!-- -->&lt;?php'],
    ['<javascript:alert(1)>', '&lt;javascript&#58;alert(1)>'],
    ['[x](javascript:alert(1))', '[x]\\(javascript&#58;alert(1))'],
    ['[x]( JavaScript:alert(1))', '[x]\\( JavaScript&#58;alert(1))'],
    ['![x](data:text/html,x)', '![x]\\(data:text/html,x)'],
    ['[x](&#106;avascript:a)', '[x]\\(&amp;#106;avascript:a)'],
    ['[x]: javascript:a\n[x]', '[x]\\: javascript&#58;a\n[x]'],
    ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
    ['call eval(x)', 'call eval\\(x)'],
  ])('writes %j as %j', (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });
});

describe('escapeTitle', () => {
  it.each([
    ['R&D <beta>', 'R&D <beta>'],
    ['<SCRIPT>x</script>', '&lt;SCRIPT>x&lt;/script>'],
  ])('writes %j as %j', (text, expected) => expect(escapeTitle(text)).toBe(expected));
});

describe('singleLine', () => {
  it.each([
    [' a\n b\u2028c\u0085\td ', 'a b c d'],
    ['\n\u2029', ''],
  ])('writes %j as %j', (text, expected) => expect(singleLine(text)).toBe(expected));
});

describe('firstSentence', () => {
  it.each([
    ['List contacts, page by page.', 'List contacts, page by page'],
    ['List contacts. By name.', 'List contacts'],
    ['Is it there? Yes.', 'Is it there?'],
    ['Contacts, e.g. of a tenant. More.', 'Contacts, e.g. of a tenant'],
    ['Version 1.2 of it', 'Version 1.2 of it'],
    ['Over\ntwo lines. Then', 'Over two lines'],
  ])('of %j is %j', (text, expected) => expect(firstSentence(text)).toBe(expected));
});
