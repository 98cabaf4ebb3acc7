import { readFile } from 'node:fs/promises';
import { digestOf, type RouteTable, type SchemaViolation, validateRouteTable } from '@plexica/types';
import { SetupError } from '../errors.ts';

const FORMAT = 1;
const REBUILD = 'run `plexica build` and deploy its result with this gateway';

/**
 * Reads the compiled table. The gateway never adds to it, fetches or repairs it.
 *
 * @throws SetupError for a file that is missing, no JSON, no table, of another format, or changed after it was built
 */
export async function loadRouteTable(file: string): Promise<RouteTable> {
  const table = checkShape(parse(await read(file), file), file);
  const { digest, ...content } = table;
  const actual = digestOf(content);
  if (actual !== digest) {
    throw new SetupError(
      `${file} was changed after it was built: its digest is ${actual}, and it says ${digest}; ${REBUILD}`,
    );
  }
  return table;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new SetupError(
        `there is no route table at ${file}; ${REBUILD}, or name another with --table FILE`,
        {
          cause,
        },
      );
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`the route table ${file} cannot be read: ${why}`, { cause });
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SetupError(`${file} is not JSON, perhaps cut short: ${why}; ${REBUILD}`, {
      cause,
    });
  }
}

function checkShape(value: unknown, file: string): RouteTable {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (typeof format === 'number' && format !== FORMAT) {
    throw new SetupError(
      `${file} is a route table of format ${format}, and this gateway reads format ${FORMAT}: ` +
        `compiler and gateway differ in version; install the same version of both, then ${REBUILD}`,
    );
  }
  const violations = validateRouteTable(value);
  if (violations.length > 0) {
    throw new SetupError(`${file} is not a route table (${where(violations)}); ${REBUILD}`);
  }
  // The validator was generated from the schema of which the type is generated.
  return value as RouteTable;
}

function where(violations: readonly SchemaViolation[]): string {
  const first = violations[0];
  return first === undefined
    ? 'unknown'
    : `${first.instancePath || 'the whole'} ${first.message ?? ''}`.trim();
}
