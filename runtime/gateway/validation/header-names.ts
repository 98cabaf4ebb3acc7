/** Keywords below which a schema speaks of the same value as the one that it stands in. */
const OF_THE_SAME = ['allOf', 'anyOf', 'else', 'if', 'not', 'oneOf', 'then'];

/** The names of headers that a schema speaks of, as it writes them. It has no references. */
export function headerNames(schema: unknown): readonly string[] {
  const names = new Set<string>();
  const waiting = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Array.isArray(next)) waiting.push(...next);
    if (!isSchema(next)) continue;
    const { properties, required } = next;
    if (isSchema(properties)) for (const name of Object.keys(properties)) names.add(name);
    if (Array.isArray(required)) for (const name of required) names.add(String(name));
    for (const keyword of OF_THE_SAME) if (keyword in next) waiting.push(next[keyword]);
  }
  return [...names];
}

function isSchema(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
