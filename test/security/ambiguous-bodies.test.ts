import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { head, last, startTarget, type Target } from './support/start-target.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());

/** Posts these bytes to the endpoint that takes `{"name": text}` and nothing else. */
function post(body: string, ...lines: readonly string[]) {
  const type = lines.some((line) => /^content-type/i.test(line)) ? [] : ['Content-Type: application/json'];
  return target.ask(
    `${last('POST /plugin-crm/checked', target.asAda, ...type, ...lines, `Content-Length: ${body.length}`)}${body}`,
  );
}

const GOOD = '{"name":"Ada"}';

describe('a body that parsers read differently is refused', () => {
  it.each([
    ['a field twice', '{"name":"Ada","name":"Bob"}'],
    ['a field twice, once escaped', '{"name":"Ada","n\\u0061me":"Bob"}'],
    ['a field twice, with white space between', '{"name":"Ada" , \n "name" : "Bob"}'],
    ['a field twice, within', '{"name":"Ada","x":{"a":1,"a":2}}'],
    ['a field twice, in a list', '{"name":[{"a":1,"a":2}]}'],
    ['a field twice, of another kind', '{"name":"Ada","name":null}'],
    ['an empty field twice', '{"":1,"":2,"name":"Ada"}'],
    ['a comma at the end', '{"name":"Ada",}'],
    ['a comma at the beginning', '{,"name":"Ada"}'],
    ['two commas', '{"name":"Ada",,"x":1}'],
    ['a comment', '{"name":"Ada"/*,"role":"admin"*/}'],
    ['a comment to the end', '{"name":"Ada"}//'],
    ['single quotes', "{'name':'Ada'}"],
    ['no quotes', '{name:"Ada"}'],
    ['a hexadecimal number', '{"name":0x1}'],
    ['a number with zeroes before', '{"name":01}'],
    ['a number with a plus', '{"name":+1}'],
    ['a number with a point at the end', '{"name":1.}'],
    ['NaN', '{"name":NaN}'],
    ['Infinity', '{"name":Infinity}'],
    ['undefined', '{"name":undefined}'],
    ['True', '{"name":True}'],
    ['two values', '{"name":"Ada"}{"name":"Bob"}'],
    ['two lines of values', '{"name":"Ada"}\n{"name":"Bob"}'],
    ['a value in brackets', '({"name":"Ada"})'],
    ['a guard before', ')]}\',\n{"name":"Ada"}'],
    ['a NUL behind', '{"name":"Ada"}\0'],
    ['a NUL before', '\0{"name":"Ada"}'],
    ['a NUL in a name', '{"na\0me":"Ada"}'],
    ['a line break in a text', '{"name":"A\nda"}'],
    ['a tab in a text', '{"name":"A\tda"}'],
    ['an escape that is none', '{"name":"\\x41da"}'],
    ['an escape cut short', '{"name":"\\u00"}'],
    ['a vertical tab between', '{"name":\x0b"Ada"}'],
    ['a no-break space between', '{"name":\xc2\xa0"Ada"}'],
    ['UTF-16', '\xff\xfe{\0"\0n\0a\0m\0e\0"\0:\0"\0A\0"\0}\0'],
    ['UTF-16 without a mark', '{\0"\0n\0a\0m\0e\0"\0:\0"\0A\0"\0}\0'],
    ['UTF-32', '{\0\0\0"\0\0\0'],
    ['Latin-1', '{"name":"Ad\xe9"}'],
    ['UTF-7', '+AHsAIg-name+ACIAOgAi-Ada+ACIAfQ-'],
    ['an overlong quote', '{"name":"Ada\xc0\xa2,"role":"admin"}'],
    ['half a character', '{"name":"Ad\xc3"}'],
    ['a surrogate in UTF-8', '{"name":"\xed\xa0\x80"}'],
    ['a character beyond Unicode', '{"name":"\xf4\x90\x80\x80"}'],
    ['nothing but white space', ' \t\r\n'],
    ['nothing but a mark', '\xef\xbb\xbf'],
  ])('%s', async (_, body) => {
    const { answer, arrived } = await post(body);
    expect([answer.status, arrived]).toEqual([400, []]);
  });
});

describe('a type or an encoding that leads around the check is refused', () => {
  it.each([
    ['text', ['Content-Type: text/plain']],
    ['a form', ['Content-Type: application/x-www-form-urlencoded']],
    ['a form in parts', ['Content-Type: multipart/form-data; boundary=x']],
    ['XML', ['Content-Type: application/xml']],
    ['JSON in name', ['Content-Type: application/jsonx']],
    ['JSON somewhere', ['Content-Type: text/plain; application/json']],
    ['JSON and text', ['Content-Type: application/json, text/plain']],
    ['text and JSON', ['Content-Type: text/plain, application/json']],
    ['two types', ['Content-Type: application/json', 'Content-Type: text/plain']],
    ['two equal types', ['Content-Type: application/json', 'content-type: application/json']],
    ['no type', ['Content-Type:']],
    ['another character set', ['Content-Type: application/json; charset=utf-16']],
    ['an old character set', ['Content-Type: application/json; charset=utf-7']],
    ['two character sets', ['Content-Type: application/json; charset=utf-8; charset=utf-16']],
    ['a character set of IBM', ['Content-Type: application/json; charset=ibm037']],
    ['gzip', ['Content-Encoding: gzip']],
    ['deflate', ['Content-Encoding: deflate']],
    ['br', ['Content-Encoding: br']],
    ['an unknown encoding', ['Content-Encoding: x']],
    ['identity and gzip', ['Content-Encoding: identity, gzip']],
    ['identity on one line, gzip on another', ['Content-Encoding: identity', 'Content-Encoding: gzip']],
    ['an empty encoding, and gzip', ['Content-Encoding:', 'Content-Encoding: gzip']],
    ['gzip, which Connection names', ['Content-Encoding: gzip', 'Connection: content-encoding']],
    ['text, which Connection names', ['Content-Type: text/plain', 'Connection: content-type']],
  ])('%s', async (_, lines) => {
    const { answer, arrived } = await post(GOOD, ...lines);
    expect([answer.status, arrived]).toEqual([415, []]);
  });

  it('another spelling of a type changes nothing', async () => {
    for (const line of [
      'Content_Type: text/plain',
      'CONTENT_TYPE: text/plain',
      'Content.Encoding: gzip',
      'Content_Length: 2',
    ]) {
      const { answer, arrived } = await post(GOOD, line);
      expect([answer.status, answer.body]).toEqual([200, GOOD]);
      expect(arrived[0]?.rawHeaders.map((name) => name.toLowerCase())).not.toContain(
        line.split(':')[0]?.toLowerCase(),
      );
    }
  });
});

describe('what the schema refuses', () => {
  it.each([
    ['an unknown field', '{"name":"Ada","role":"admin"}'],
    ['an unknown field of JavaScript', '{"name":"Ada","toString":"x"}'],
    ['a field in capitals', '{"Name":"Ada"}'],
    ['a field with a space', '{"name ":"Ada"}'],
    ['a field with a letter that looks the same', '{"n\xd0\xb0me":"Ada"}'],
    ['a number for a text', '{"name":7}'],
    ['a list for an object', '["name"]'],
    ['a text for an object', '"name"'],
    ['null for an object', 'null'],
  ])('%s does not arrive', async (_, body) => {
    const { answer, arrived } = await post(body);
    expect([answer.status, answer.code, arrived]).toEqual([400, 'request-invalid', []]);
  });

  it('what is forwarded is what was checked, byte for byte, however it came', async () => {
    const odd = ' {\r\n\t"n\\u0061me" : "A\\u0064a \xe2\x82\xac \\ud83d\\ude00" } \n';
    for (const body of [GOOD, odd]) {
      const chunks = [...body].map((one) => `1\r\n${one}\r\n`).join('');
      const chunked = `${head('POST /plugin-crm/checked', 'Connection: close', target.asAda, 'Content-Type: application/json', 'Transfer-Encoding: chunked')}${chunks}0\r\n\r\n`;
      for (const { answer, arrived } of [await post(body), await target.ask(chunked)]) {
        expect([answer.status, answer.body]).toEqual([200, body]);
        expect(arrived[0]?.headers['content-length']).toBe(String(body.length));
        expect(arrived[0]?.headers).not.toHaveProperty('transfer-encoding');
      }
    }
  });

  it.each([
    ['in its own spelling', ['X-Page-Size: 11']],
    ['in capitals', ['X-PAGE-SIZE: 11']],
    ['twice', ['X-Page-Size: 5', 'x-page-size: 11']],
    ['twice, and equal', ['X-Page-Size: 5', 'X-Page-Size: 5']],
    ['twice, once in another spelling', ['X-Page-Size: 5', 'X_Page_Size: 11']],
    ['twice, in another spelling first', ['x.page.size: 11', 'X-Page-Size: 5']],
    ['in another spelling alone', ['X_PAGE_SIZE: 11']],
    ['in a list', ['X-Page-Size: 5, 11']],
  ])('a header %s does not arrive either', async (_, lines) => {
    const { answer, arrived } = await target.ask(last('GET /plugin-crm/search', target.asAda, ...lines));
    expect([answer.status, answer.code, arrived]).toEqual([400, 'request-invalid', []]);
    const good = await target.ask(last('GET /plugin-crm/search', target.asAda, 'X-Page-Size: 5'));
    expect(good.answer.status).toBe(200);
  });

  it('a HEAD or a GET brings no body past it', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { answer, arrived } = await target.ask(
        `${last(`${method} /plugin-crm/search`, target.asAda, 'Content-Length: 2')}{}`,
        method,
      );
      expect([answer.status, arrived]).toEqual([400, []]);
    }
  });
});
