/**
 * The lines of an answer, empty ones too. What is left at the end is no line.
 *
 * @param longest in UTF-16 units
 * @throws Error for a line that is longer, and where the connection breaks
 */
export async function* readLines(
  body: ReadableStream<Uint8Array>,
  longest: number,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  let length = 0;
  for await (const bytes of body) {
    const text = decoder.decode(bytes, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      yield [...pieces, text.slice(from, end)].join('');
      pieces = [];
      length = 0;
      from = end + 1;
    }
    pieces.push(text.slice(from));
    length += text.length - from;
    if (length > longest) throw new Error(`a line is longer than ${longest} characters`);
  }
}
