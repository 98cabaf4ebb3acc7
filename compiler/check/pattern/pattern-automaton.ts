/**
 * A regular expression as an automaton of positions (Glushkov's): each character that the pattern consumes is a position,
 * and knows which positions may come next.
 */
export interface PatternAutomaton {
  /** By position: which of the sample characters it takes, as a set of bits. */
  readonly takes: readonly bigint[];
  /** By position: what may follow it. A position that stands twice may follow in two ways. */
  readonly follows: readonly (readonly number[])[];
}

/** The bounds of a repetition up to which its copies are written out; beyond them it counts as unbounded. */
const MOST_COPIES = 4;
const MOST_POSITIONS = 400;

/**
 * Builds the automaton of a valid pattern (flag u). Assertions consume nothing and are passed over, back references too.
 * Undefined for a pattern of too many positions.
 */
export function patternAutomaton(pattern: string): PatternAutomaton | undefined {
  const builder = new AutomatonBuilder(pattern);
  return builder.build();
}

/** A part of a pattern: the positions that it may begin and end with, and whether it may match nothing. */
interface Fragment {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

const EMPTY: Fragment = { first: [], last: [], nullable: true };

class AutomatonBuilder {
  readonly #pattern: string;
  readonly #samples: readonly string[];
  readonly #takes: bigint[] = [];
  readonly #follows: number[][] = [];
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#samples = samplesFor(pattern);
  }

  build(): PatternAutomaton | undefined {
    this.#alternatives();
    if (this.#takes.length > MOST_POSITIONS) return undefined;
    return { takes: this.#takes, follows: this.#follows };
  }

  #alternatives(): Fragment {
    let result = this.#sequence();
    while (this.#skip('|')) {
      const next = this.#sequence();
      result = {
        first: [...result.first, ...next.first],
        last: [...result.last, ...next.last],
        nullable: result.nullable || next.nullable,
      };
    }
    return result;
  }

  #sequence(): Fragment {
    let result = EMPTY;
    while (this.#at < this.#pattern.length && !/[|)]/.test(this.#pattern.charAt(this.#at))) {
      result = this.#join(result, this.#repeated());
    }
    return result;
  }

  #join(left: Fragment, right: Fragment): Fragment {
    this.#link(left.last, right.first);
    return {
      first: left.nullable ? [...left.first, ...right.first] : left.first,
      last: right.nullable ? [...left.last, ...right.last] : right.last,
      nullable: left.nullable && right.nullable,
    };
  }

  #link(from: readonly number[], to: readonly number[]): void {
    for (const position of from) this.#follows[position]?.push(...to);
  }

  #repeated(): Fragment {
    const start = this.#at;
    let part = this.#atom();
    const quantifier = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(this.#pattern.slice(this.#at));
    if (quantifier === null) return part;
    const [text, least, comma, most] = quantifier;
    const end = this.#at + text.length;
    const min = least === undefined ? (text === '+' ? 1 : 0) : Number(least);
    const max = least === undefined ? (text === '?' ? 1 : Infinity) : maximum(min, comma, most);

    if (max > MOST_COPIES) {
      this.#link(part.last, part.first);
      if (min === 0) part = { ...part, nullable: true };
    } else {
      part = this.#copies(part, start, min, max);
    }
    this.#at = end;
    this.#skip('?');
    return part;
  }

  /** The first copy is there; each further one is read from the pattern again. */
  #copies(first: Fragment, start: number, min: number, max: number): Fragment {
    if (max === 0) return EMPTY;
    let result = min === 0 ? { ...first, nullable: true } : first;
    for (let copy = 2; copy <= max && this.#takes.length <= MOST_POSITIONS; copy += 1) {
      this.#at = start;
      const next = this.#atom();
      result = this.#join(result, copy > min ? { ...next, nullable: true } : next);
    }
    return result;
  }

  #atom(): Fragment {
    const rest = this.#pattern.slice(this.#at);
    const group = /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:))?/.exec(rest)?.[0];
    if (group !== undefined) {
      this.#at += group.length;
      const inner = this.#alternatives();
      this.#skip(')');
      return /[=!]$/.test(group) ? EMPTY : inner;
    }
    const assertion = /^(?:[\^$]|\\[bB]|\\[1-9]\d*|\\k<[^>]*>)/.exec(rest)?.[0];
    if (assertion !== undefined) {
      this.#at += assertion.length;
      return EMPTY;
    }
    return this.#position(CHARACTER.exec(rest)?.[0] ?? rest);
  }

  #position(text: string): Fragment {
    this.#at += text.length;
    const position = this.#takes.length;
    const expression = new RegExp(`^${text}$`, 'su');
    let takes = 0n;
    for (const [index, sample] of this.#samples.entries()) {
      if (expression.test(sample)) takes |= 1n << BigInt(index);
    }
    this.#takes.push(takes);
    this.#follows.push([]);
    return { first: [position], last: [position], nullable: false };
  }

  #skip(character: string): boolean {
    if (this.#pattern.charAt(this.#at) !== character) return false;
    this.#at += 1;
    return true;
  }
}

/** One consumed character: a class, an escape or the character itself. */
const CHARACTER =
  /^(?:\[(?:\\.|[^\]\\])*\]|\\u\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\c[A-Za-z]|\\[pP]\{[^}]*\}|\\.|.)/su;

function maximum(min: number, comma: string | undefined, most: string | undefined): number {
  if (comma === '') return min;
  return most === '' || most === undefined ? Infinity : Number(most);
}

/** Characters enough to tell whether two positions of this pattern can take the same one. */
function samplesFor(pattern: string): readonly string[] {
  const points = new Set<number>();
  for (let point = 0; point < 128; point += 1) points.add(point);
  for (const character of `${pattern}\u00a0éΩж中\u2028😀`) {
    const point = character.codePointAt(0) ?? 0;
    for (const near of [point - 1, point, point + 1]) if (near >= 0) points.add(near);
  }
  for (const [, braced, plain] of pattern.matchAll(/\\u(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{4}))/g)) {
    points.add(Number.parseInt(braced ?? plain ?? '0', 16));
  }
  return [...points].map((point) => String.fromCodePoint(point));
}
