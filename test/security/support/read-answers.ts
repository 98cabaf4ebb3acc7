/** One answer of HTTP/1.1, as it stood on the wire. */
export interface Answer {
  readonly status: number;
  /** Names in lower case and values, in turn, as they came. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** The code of an error of the gateway's own. */
  readonly code: string | undefined;
}

/**
 * Reads all answers that came over one connection, strictly.
 *
 * @param received bytes, one character each
 * @param methods of the requests in order: the answer to HEAD has no body
 * @throws Error for bytes that no answer accounts for: whoever reads on would take them for the next answer
 */
export function readAnswers(received: string, methods: readonly string[] = []): readonly Answer[] {
  const answers: Answer[] = [];
  let rest = received;
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n');
    const [line = '', ...fields] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(line)?.[1]);
    if (end === -1 || Number.isNaN(status)) throw new Error(`no answer begins with ${JSON.stringify(rest)}`);
    const headers = fields.map(readField);
    const head = { status, headers };
    rest = rest.slice(end + 4);
    if (status < 200 && status !== 101) continue;
    const asked = methods[answers.length];
    const [body, length] = bodyOf(rest, head, asked);
    rest = rest.slice(length);
    answers.push({ ...head, body, code: /^\{"success":false,.*"code":"([^"]+)"/.exec(body)?.[1] });
  }
  return answers;
}

/** All values of a header. */
export function valuesOf({ headers }: Pick<Answer, 'headers'>, name: string): readonly string[] {
  return headers.filter(([one]) => one === name).map(([, value]) => value);
}

function readField(field: string): readonly [string, string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*)$/.exec(field) ?? [];
  if (name === undefined || value === undefined) throw new Error(`no header: ${JSON.stringify(field)}`);
  return [name.toLowerCase(), value];
}

/** The body, and how many characters it takes. */
function bodyOf(
  rest: string,
  head: Pick<Answer, 'status' | 'headers'>,
  method: string | undefined,
): readonly [string, number] {
  if (method === 'HEAD' || head.status === 204 || head.status === 304) return ['', 0];
  const lengths = valuesOf(head, 'content-length');
  const encodings = valuesOf(head, 'transfer-encoding');
  if (lengths.length + encodings.length > 1) throw new Error('an answer has two lengths');
  if (encodings[0] === 'chunked') return chunksOf(rest);
  const length = lengths[0] === undefined ? rest.length : Number(lengths[0]);
  if (rest.length < length) throw new Error('an answer is shorter than it says');
  return [rest.slice(0, length), length];
}

function chunksOf(rest: string): readonly [string, number] {
  let body = '';
  let at = 0;
  for (;;) {
    const [line, hex] = /^([0-9a-f]+)\r\n/i.exec(rest.slice(at)) ?? [];
    if (line === undefined || hex === undefined) throw new Error('a chunk has no size');
    const size = Number.parseInt(hex, 16);
    at += line.length;
    body += rest.slice(at, at + size);
    if (rest.slice(at + size, at + size + 2) !== '\r\n') throw new Error('a chunk is not as long as it says');
    at += size + 2;
    if (size === 0) return [body, at];
  }
}
