/** What is wrong with one part of a path. */
export interface PathProblem {
  /** UTF-16 offsets in the path, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** Goes behind the path: `has an empty segment`. */
  readonly what: string;
  readonly help: string;
}

/**
 * What keeps a path from being served: at most one problem for each segment. A path is `/` or segments, each of them
 * static (letters, digits, `.` `_` `~` `-`) or a whole parameter (`:id`).
 */
export function pathProblems(path: string): PathProblem[] {
  if (!path.startsWith('/')) {
    const help = `write "/${path}"`;
    return [{ start: 0, end: path.length, what: 'does not begin with a slash', help }];
  }
  if (path === '/') return [];
  const tail = path.search(/[?#]/);
  const problems: PathProblem[] = [];
  const readable = tail === -1 ? path : path.slice(0, tail);
  const segments = readable.slice(1).split('/');
  let start = 1;
  for (const [index, segment] of segments.entries()) {
    const end = start + segment.length;
    const isLast = index === segments.length - 1;
    const problem = segment === '' ? emptySegment(isLast) : segmentProblem(segment);
    // An empty segment is shown by the slash before it.
    if (problem !== undefined) problems.push({ start: segment === '' ? start - 1 : start, end, ...problem });
    start = end + 1;
  }
  if (tail !== -1) {
    const what = path[tail] === '?' ? 'holds a query' : 'holds a fragment';
    const help =
      path[tail] === '?' ? 'describe the query in "schema.querystring"' : 'remove what begins with "#"';
    problems.push({ start: tail, end: path.length, what, help });
  }
  return problems;
}

type Problem = Pick<PathProblem, 'what' | 'help'>;

function emptySegment(isLast: boolean): Problem {
  return isLast
    ? { what: 'ends with a slash', help: 'remove the slash' }
    : { what: 'has an empty segment', help: 'remove one of the slashes' };
}

function segmentProblem(segment: string): Problem | undefined {
  if (segment === '.' || segment === '..') {
    return { what: `has the dot segment "${segment}"`, help: 'write the path that is meant' };
  }
  if (segment.startsWith(':')) return parameterProblem(segment.slice(1));
  if (/^[A-Za-z0-9._~-]+$/.test(segment)) return undefined;

  const braces = /^\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(segment);
  if (braces !== null) return { what: 'has a parameter in braces', help: `write ":${braces[1]}"` };
  if (segment.includes('*')) {
    return {
      what: 'has a wildcard',
      help: 'declare an endpoint for each path, or a parameter such as ":id"',
    };
  }
  if (segment.includes('%')) {
    return { what: 'has a percent escape', help: 'use letters, digits and . _ ~ - in static segments' };
  }
  if (segment.includes(':')) {
    return {
      what: 'has a parameter that is not a whole segment',
      help: 'let a parameter take the segment from slash to slash, such as "/:id"',
    };
  }
  return {
    what: 'has characters that a path cannot have',
    help: 'use letters, digits and . _ ~ - in static segments',
  };
}

function parameterProblem(name: string): Problem | undefined {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return undefined;
  if (name === '') return { what: 'has a parameter without a name', help: 'name it, such as ":id"' };
  const plain = /^([A-Za-z_][A-Za-z0-9_]*)(\?|\()/.exec(name);
  if (plain?.[2] === '?') {
    return {
      what: 'has an optional parameter',
      help: 'declare two endpoints, one with it and one without',
    };
  }
  if (plain?.[2] === '(') {
    return {
      what: 'has a parameter with a pattern',
      help: `write ":${plain[1]}" and put the pattern into "schema.params"`,
    };
  }
  return {
    what: 'has a parameter whose name is not letters, digits and _',
    help: 'let the parameter take the whole segment, and name it like ":contactId"',
  };
}
