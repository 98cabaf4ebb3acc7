import type { Finding } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { quote } from '../../diagnostics/quote.ts';
import type { Member, ObjectNode } from '../../ir/document.ts';
import type { WrittenSchema } from '../../ir/program.ts';
import { keywordProblem, patternProblem } from '../keyword-problem.ts';
import { backtracks } from '../pattern/backtracks.ts';
import { readPattern } from '../pattern/read-pattern.ts';
import type { Rule } from '../rule.ts';
import { refusedKeywords, schemaVocabulary } from '../schema-vocabulary.ts';

/** A schema is JSON Schema, in keywords that every reader of it knows. */
export const invalidJsonSchema: Rule = {
  code: 'PLX4014',
  name: 'invalid-json-schema',
  severity: 'error',

  *check({ plugins }) {
    for (const plugin of plugins) {
      for (const written of plugin.writtenSchemas) yield* findingsIn(written);
    }
  },
};

function* findingsIn({ node: root, isFile, parts }: WrittenSchema): Generator<Finding> {
  if (root.kind !== 'object') {
    yield {
      at: root.span,
      message: 'a schema must be an object',
      label: 'not an object',
      help: 'write { "type": "object", "properties": { … } }',
    };
    return;
  }
  for (const node of parts) {
    for (const member of node.members.values()) {
      const isIdentity = member.key.value === '$schema' || member.key.value === '$id';
      if (!(isFile && node === root && isIdentity)) yield* keyword(member);
    }
    yield* conditions(node);
    yield* overlaps(node);
  }
}

function* keyword({ key, value }: Member): Generator<Finding> {
  if (key.value.startsWith('x-')) return;
  const shape = schemaVocabulary.get(key.value);
  if (shape === undefined) {
    yield unknown(key);
    return;
  }
  const problem = keywordProblem(shape, value);
  if (problem !== undefined) {
    const { at, what, help } = problem;
    yield { at, message: `${quote(key.value)} ${what}`, ...(help !== undefined && { help }) };
  }
  if (key.value !== 'patternProperties' || value.kind !== 'object') return;
  for (const { key: name } of value.members.values()) {
    const wrong = patternProblem({ kind: 'scalar', ...name });
    if (wrong !== undefined) yield { at: name.span, message: `${quote(name.value)} ${wrong.what}` };
  }
}

function unknown(key: Member['key']): Finding {
  const reason = refusedKeywords.get(key.value);
  if (reason !== undefined) {
    return {
      at: key.span,
      message: `${quote(key.value)} cannot be used in a schema of a manifest`,
      label: 'not allowed',
      help: reason.startsWith('Fastify') ? 'say it with other keywords' : reason,
      ...(reason.startsWith('Fastify') && { notes: [reason] }),
    };
  }
  const meant = nearest(key.value, schemaVocabulary.keys());
  return {
    at: key.span,
    message: `${quote(key.value)} is not a keyword of JSON Schema`,
    label: 'unknown',
    help:
      meant === undefined
        ? `remove it, or call it ${quote(`x-${key.value}`)}; a property of an object goes into "properties"`
        : `change it to ${quote(meant)}`,
  };
}

/** `if`, `then` and `else` mean something only together; Fastify refuses to start with one that means nothing. */
function* conditions({ members }: ObjectNode): Generator<Finding> {
  const condition = members.get('if');
  const [branch] = [members.get('then'), members.get('else')].filter((member) => member !== undefined);
  if ((condition === undefined) === (branch === undefined)) return;
  const { key } = condition ?? branch ?? {};
  if (key === undefined) return;
  yield {
    at: key.span,
    message: `${quote(key.value)} has no effect without ${condition === undefined ? '"if"' : '"then" or "else"'}`,
    label: 'alone',
    help: `add ${condition === undefined ? '"if"' : '"then" or "else"'}, or remove it`,
  };
}

/** A property that a pattern means too would have two schemas; Fastify refuses to start with one. */
function* overlaps({ members }: ObjectNode): Generator<Finding> {
  const properties = members.get('properties')?.value;
  const patterns = members.get('patternProperties')?.value;
  if (properties?.kind !== 'object' || patterns?.kind !== 'object') return;
  for (const { key: pattern } of patterns.members.values()) {
    const read = readPattern(pattern.value);
    if (read.kind !== 'valid' || backtracks(pattern.value)) continue;
    for (const { key } of properties.members.values()) {
      if (!read.expression.test(key.value)) continue;
      yield {
        at: pattern.span,
        message: `the pattern ${quote(pattern.value)} means the property ${quote(key.value)} too, which has a schema of its own`,
        label: 'matches a property',
        related: [{ at: key.span, label: 'the property' }],
        help: 'change the pattern so that it leaves out what stands in "properties"',
      };
      break;
    }
  }
}
