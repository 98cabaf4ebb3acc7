/**
 * Names a decorated method, as far as its decorator can: the standard style does not tell the class.
 *
 * @throws TypeError for a private method, which no bus could ever find
 */
export function labelOf(
  methodOrTarget: object,
  contextOrKey: ClassMethodDecoratorContext | string | symbol,
): string {
  if (typeof contextOrKey !== 'object') {
    const owner = typeof methodOrTarget === 'function' ? methodOrTarget : methodOrTarget.constructor;
    return `${owner.name}.${String(contextOrKey)}`;
  }
  const name = String(contextOrKey.name);
  if (contextOrKey.private) throw new TypeError(`${name} is private: events need a method that can be found`);
  return name;
}
