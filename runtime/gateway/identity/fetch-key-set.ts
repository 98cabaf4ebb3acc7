const TIME_LIMIT = 5000;
/** In bytes, once unpacked; ten thousand RSA keys fit. */
const SIZE_LIMIT = 8 * 1024 * 1024;

/**
 * Asks an identity provider for its keys, in bounded time and memory, and nobody else in its place.
 *
 * @param timeLimit in milliseconds, for the whole answer
 * @throws Error for every answer but a 200; the message says what came
 */
export async function fetchKeySet(uri: URL, timeLimit = TIME_LIMIT): Promise<string> {
  const response = await fetch(uri, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeLimit),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`it answers with status ${response.status}`);
  }
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  // Leaving the loop ends the answer.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > SIZE_LIMIT) throw new Error(`its answer is larger than ${SIZE_LIMIT} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
