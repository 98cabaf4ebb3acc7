import { type ErrorDetail, GatewayError } from '../errors.ts';

/** The members of a JSON object that somebody sent, each read as what it must be. */
export interface Members {
  text(name: string, longest: number): string;
  optionalText(name: string, longest: number): string | undefined;
  wholeNumber(name: string): number;
  wholeNumbers(name: string, most: number): readonly number[];
  objects(name: string, most: number): readonly Members[];
}

/**
 * @param at where the object stands in the body, as a JSON pointer
 * @throws GatewayError `bad-request`; so does everything that is read
 */
export function membersOf(value: unknown, at = ''): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(at, 'must be an object');
  const members = new Map<string, unknown>(Object.entries(value));
  const isWhole = (given: unknown): given is number => Number.isSafeInteger(given) && Number(given) >= 0;
  const list = (name: string, most: number): readonly unknown[] => {
    const given = members.get(name) ?? [];
    if (Array.isArray(given) && given.length <= most) return given;
    throw wrong(`${at}/${name}`, `must be a list of at most ${most} items`);
  };
  const optionalText = (name: string, longest: number): string | undefined => {
    const given = members.get(name);
    if (given === undefined) return undefined;
    if (typeof given === 'string' && given !== '' && given.length <= longest) return given;
    throw wrong(`${at}/${name}`, `must be text of 1 to ${longest} characters`);
  };
  return {
    optionalText,
    text(name, longest) {
      const given = optionalText(name, longest);
      if (given === undefined) throw wrong(`${at}/${name}`, 'is required');
      return given;
    },
    wholeNumber(name) {
      const given = members.get(name);
      if (isWhole(given)) return given;
      throw wrong(`${at}/${name}`, 'must be a whole number, 0 or more');
    },
    wholeNumbers(name, most) {
      const given = list(name, most);
      if (given.every(isWhole)) return given;
      throw wrong(`${at}/${name}`, 'must be a list of whole numbers, 0 or more');
    },
    objects: (name, most) => list(name, most).map((item, index) => membersOf(item, `${at}/${name}/${index}`)),
  };
}

function wrong(path: string, message: string): GatewayError {
  const detail: ErrorDetail = { in: 'body', path, message };
  return new GatewayError('bad-request', `${path === '' ? 'the body' : path} ${message}`, {
    details: [detail],
  });
}
