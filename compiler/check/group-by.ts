/** Things that share a name, in the order in which they came: the places of one cause, or the owners of one name. */
export function groupBy<T>(things: Iterable<T>, nameOf: (thing: T) => string): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const thing of things) {
    const name = nameOf(thing);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [thing]);
    else group.push(thing);
  }
  return groups;
}
