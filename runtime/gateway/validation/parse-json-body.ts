import { isUtf8 } from 'node:buffer';
import { parse } from 'secure-json-parse';
import { GatewayError } from '../errors.ts';

/** How deep lists and objects may stand in one another. Not every parser behind the gateway takes more than some hundred. */
const DEEPEST = 200;
/** The longest name of a field, in UTF-16 units: `patternProperties` are tried on it, and answers name it. */
const LONGEST_NAME = 1024;

/**
 * Reads a body that every JSON parser reads in the same way: in UTF-8, nested no deeper than parsers go, and without a
 * field that stands twice or would change what objects are in JavaScript. A byte order mark is passed over, as Fastify does.
 *
 * @throws GatewayError `bad-request`; it does not repeat what was sent
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw refuse('the body is not UTF-8');
  const members = countMembers(bytes);
  const value = parseSecurely(bytes.toString('utf8'));
  if (countNames(value) !== members) throw refuse('a field of the body stands twice in one object');
  return value;
}

function parseSecurely(text: string): unknown {
  try {
    return parse(text, { protoAction: 'error', constructorAction: 'error' });
  } catch (cause) {
    // JSON.parse's message holds a piece of the body.
    const message = cause instanceof Error ? cause.message : '';
    if (message.includes('forbidden prototype property')) {
      throw refuse('the body has a field "__proto__" or "constructor", which none may have', cause);
    }
    const position = /at position (\d+)/.exec(message)?.[1];
    throw refuse(
      `the body is not JSON${position === undefined ? '' : `: look at position ${position}`}`,
      cause,
    );
  }
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** How many members a text has if it is JSON: each has one colon outside of strings. */
function countMembers(bytes: Buffer): number {
  let colons = 0;
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case QUOTE:
        for (at += 1; at < bytes.length && bytes[at] !== QUOTE; at += 1) if (bytes[at] === BACKSLASH) at += 1;
        break;
      case COLON:
        colons += 1;
        break;
      case 0x5b:
      case 0x7b:
        depth += 1;
        if (depth > DEEPEST) throw refuse(`the body is nested deeper than ${DEEPEST} levels`);
        break;
      case 0x5d:
      case 0x7d:
        depth -= 1;
        break;
    }
  }
  return colons;
}

/** How many members a value has, through and through. */
function countNames(value: unknown): number {
  let count = 0;
  const waiting: unknown[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      for (const item of next) if (typeof item === 'object' && item !== null) waiting.push(item);
      continue;
    }
    for (const [name, member] of Object.entries(next)) {
      if (name.length > LONGEST_NAME)
        throw refuse(`a field of the body has a name longer than ${LONGEST_NAME} characters`);
      count += 1;
      if (typeof member === 'object' && member !== null) waiting.push(member);
    }
  }
  return count;
}

function refuse(message: string, cause?: unknown): GatewayError {
  return new GatewayError('bad-request', message, cause === undefined ? {} : { cause });
}
