import type { SchemaViolation } from '@plexica/types';
import { nearest } from '../diagnostics/nearest.ts';

/** A violation that stands for its cause alone. */
export interface Cause {
  readonly violation: SchemaViolation;
  /** Of `type`: every type that is allowed there. */
  readonly types?: readonly string[];
  /** Of `additionalProperties`: the key that was meant. */
  readonly meant?: string;
  /** Of `propertyNames`: what is wrong with the key. */
  readonly inner?: SchemaViolation;
}

/**
 * Leaves one violation per cause. A validator reports an alternative once for every branch that failed, a bad
 * key twice, and a misspelt key as unknown and as missing.
 */
export function collapseViolations(violations: readonly SchemaViolation[]): readonly Cause[] {
  return pairMisspellings(pickBranches(joinPropertyNames(violations)));
}

/** `propertyNames` comes with what its schema found in the key. */
function joinPropertyNames(violations: readonly SchemaViolation[]): readonly Cause[] {
  const inner = new Map<string, SchemaViolation>();
  for (const violation of violations) {
    if (violation.propertyName === undefined) continue;
    const key = `${violation.instancePath}\n${violation.propertyName}`;
    if (!inner.has(key)) inner.set(key, violation);
  }
  return violations
    .filter((violation) => violation.propertyName === undefined)
    .map((violation) => {
      const found = inner.get(`${violation.instancePath}\n${String(violation.params.propertyName)}`);
      return violation.keyword === 'propertyNames' && found !== undefined
        ? { violation, inner: found }
        : { violation };
    });
}

/**
 * The branches of our `anyOf`s differ in type, so a value belongs to the branch whose type it has: only that
 * one's violations count. Where it fits no branch, one violation lists the types. `oneOf` chooses between keys.
 */
function pickBranches(causes: readonly Cause[]): readonly Cause[] {
  const alternatives = new Set<string>();
  const choices = new Set<string>();
  for (const { violation } of causes) {
    if (violation.keyword === 'anyOf') alternatives.add(violation.instancePath);
    if (violation.keyword === 'oneOf') choices.add(violation.instancePath);
  }
  if (alternatives.size === 0 && choices.size === 0) return causes;

  const types = new Map<string, string[]>();
  const matched = new Set<string>();
  for (const { violation } of causes) {
    const { instancePath, keyword, params } = violation;
    if (keyword === 'type' && alternatives.has(instancePath)) {
      types.set(instancePath, [...(types.get(instancePath) ?? []), String(params.type)]);
    } else if (keyword !== 'anyOf') {
      for (const path of pathAndOwners(instancePath)) if (alternatives.has(path)) matched.add(path);
    }
  }
  // A list or an object whose parts are wrong has matched its branch, although only its parts say so.
  for (const path of types.keys()) for (const owner of pathAndOwners(path).slice(1)) matched.add(owner);

  return causes.flatMap((cause) => {
    const { instancePath, keyword, schemaPath } = cause.violation;
    if (keyword === 'anyOf') return [];
    if (choices.has(instancePath) && keyword === 'required' && schemaPath.includes('/oneOf/')) return [];
    if (keyword !== 'type' || !alternatives.has(instancePath)) return [cause];
    const allowed = types.get(instancePath) ?? [];
    if (matched.has(instancePath) || cause.violation.params.type !== allowed[0]) return [];
    return [{ ...cause, types: allowed }];
  });
}

/** An unknown key that resembles a missing one of the same object is that one, misspelt. */
function pairMisspellings(causes: readonly Cause[]): readonly Cause[] {
  const missing = new Map<string, Set<string>>();
  for (const { violation } of causes) {
    if (violation.keyword !== 'required') continue;
    const keys = missing.get(violation.instancePath) ?? new Set();
    missing.set(violation.instancePath, keys.add(String(violation.params.missingProperty)));
  }
  const told = new Set<string>();
  const paired = causes.map((cause) => {
    const { keyword, instancePath, params } = cause.violation;
    const keys = missing.get(instancePath);
    if (keyword !== 'additionalProperties' || keys === undefined) return cause;
    const meant = nearest(String(params.additionalProperty), keys);
    if (meant === undefined) return cause;
    keys.delete(meant);
    told.add(`${instancePath}\n${meant}`);
    return { ...cause, meant };
  });
  return paired.filter(
    ({ violation }) =>
      violation.keyword !== 'required' ||
      !told.has(`${violation.instancePath}\n${String(violation.params.missingProperty)}`),
  );
}

/** `/a/b` → `/a/b`, `/a` and the root. */
function pathAndOwners(path: string): readonly string[] {
  const paths = [path];
  for (let rest = path; rest !== ''; ) {
    rest = rest.slice(0, rest.lastIndexOf('/'));
    paths.push(rest);
  }
  return paths;
}
