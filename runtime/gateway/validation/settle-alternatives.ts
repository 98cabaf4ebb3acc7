import type { ErrorObject } from 'ajv';

/** A violation, with the field that it is about and what to say of it. */
export interface DescribedViolation {
  readonly error: ErrorObject;
  /** A JSON pointer. */
  readonly path: string;
  readonly message: string;
}

/**
 * Of violations that ajv reports beside the ones that they follow from, leaves what tells somebody what to change: of
 * alternatives those of the one that comes closest, or, where the value is of the wrong kind for all, one sentence.
 */
export function settleAlternatives(violations: readonly DescribedViolation[]): readonly DescribedViolation[] {
  let left = violations;
  // An inner choice is reported before the outer one that it is a part of.
  for (const violation of violations) {
    const { keyword } = violation.error;
    if (keyword === 'if') left = left.filter((other) => other !== violation);
    if (keyword === 'contains' || keyword === 'propertyNames' || keyword === 'not') {
      left = left.filter((other) => !isBelow(other, violation));
    }
    if (keyword === 'anyOf' || keyword === 'oneOf') left = settle(left, violation);
  }
  return left;
}

function settle(
  violations: readonly DescribedViolation[],
  choice: DescribedViolation,
): readonly DescribedViolation[] {
  const below = violations.filter((other) => isBelow(other, choice));
  if (below.length === 0) return violations;
  const branches = Map.groupBy(below, ({ error }) => branchOf(error, choice.error));
  // One whose kind is right is wrong only further down.
  const [closest] = [...branches.values()]
    .filter((branch) => branch.every(({ path }) => path !== choice.path))
    .sort((a, b) => a.length - b.length);
  if (closest !== undefined) {
    return violations.filter(
      (other) => other !== choice && (!isBelow(other, choice) || closest.includes(other)),
    );
  }
  const kinds = new Set(below.filter(({ path }) => path === choice.path).map(({ message }) => message));
  const settled = { ...choice, message: [...kinds].join(', or ') };
  return violations.flatMap((other) =>
    other === choice ? [settled] : isBelow(other, choice) ? [] : [other],
  );
}

/** Whether a violation was found on the way to another: below its keyword in the schema, at or below its value. */
function isBelow({ error }: DescribedViolation, { error: above }: DescribedViolation): boolean {
  return (
    error.schemaPath.startsWith(`${above.schemaPath}/`) &&
    (error.instancePath === above.instancePath || error.instancePath.startsWith(`${above.instancePath}/`))
  );
}

/** Which alternative: `#/properties/address/anyOf/1/type` is of number 1 of `#/properties/address/anyOf`. */
function branchOf(error: ErrorObject, choice: ErrorObject): string {
  const rest = error.schemaPath.slice(choice.schemaPath.length + 1);
  return rest.slice(0, rest.indexOf('/'));
}
