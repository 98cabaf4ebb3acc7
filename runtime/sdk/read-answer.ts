import type { AnswerKind, List, Message } from './endpoint.ts';

/** The body of an answer: JSON, or text of another kind, or nothing. */
export type AnswerBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'empty' };

/** The wanted part of a successful answer, or what is wrong with it. */
export type Unwrapped = { readonly value: unknown } | { readonly wrong: string };

/** Reads a body as what it is. Text that only says it is JSON is text. */
export function readBody(text: string): AnswerBody {
  if (text === '') return { kind: 'empty' };
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'text', text };
  }
}

/** Takes the response envelope (`success`, `data`, `total`, `message`) off, as the endpoint declares it. */
export function unwrap(kind: AnswerKind, body: AnswerBody): Unwrapped {
  if (kind === 'whole' || kind === 'unknown') {
    if (body.kind === 'empty') return { value: undefined };
    if (body.kind === 'text') return { value: body.text };
    return kind === 'whole' ? { value: body.value } : unwrapAny(body.value);
  }
  if (body.kind !== 'json')
    return { wrong: body.kind === 'empty' ? 'the answer is empty' : 'the answer is not JSON' };
  const envelope = body.value;
  if (!isRecord(envelope) || envelope.success !== true) {
    return { wrong: 'the answer is not the response envelope { "success": true, … }' };
  }
  if (kind === 'data') return unwrapData(envelope);
  return kind === 'list' ? unwrapList(envelope) : unwrapMessage(envelope);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unwrapData(envelope: Readonly<Record<string, unknown>>): Unwrapped {
  return Object.hasOwn(envelope, 'data') ? { value: envelope.data } : { wrong: 'the answer has no "data"' };
}

function unwrapList({ data, total }: Readonly<Record<string, unknown>>): Unwrapped {
  if (!Array.isArray(data)) return { wrong: 'the answer\'s "data" is not a list' };
  if (typeof total !== 'number') return { wrong: 'the answer has no "total"' };
  return { value: { items: data, total } satisfies List<unknown> };
}

function unwrapMessage({ message }: Readonly<Record<string, unknown>>): Unwrapped {
  if (typeof message !== 'string') return { wrong: 'the answer has no "message"' };
  return { value: { message } satisfies Message };
}

/** Without a declaration the envelope is known by its members alone. */
function unwrapAny(value: unknown): Unwrapped {
  if (!isRecord(value) || value.success !== true) return { value };
  if (Array.isArray(value.data) && typeof value.total === 'number') return unwrapList(value);
  if (Object.hasOwn(value, 'data')) return unwrapData(value);
  return typeof value.message === 'string' ? unwrapMessage(value) : { value };
}
