/** What a decorator said about a method. */
export interface Declaration {
  readonly kind: 'handler' | 'publisher';
  readonly event: string;
  /** `MyHandlers.onUserLogin`, as far as the decorator could know. */
  readonly label: string;
}

/**
 * Decorators run when a class is defined, before there is any bus: what they say waits here, by the function that the
 * class will have as its method. The only state of this package that is not a bus's own.
 */
const declarations = new WeakMap<object, Declaration[]>();
/** Of classes that no bus has been given. A start-up with any of them fails. */
const unclaimed = new Set<Declaration>();

export function declare(method: object, declaration: Declaration): void {
  declarations.set(method, [...(declarations.get(method) ?? []), declaration]);
  unclaimed.add(declaration);
}

/** A method that took the place of another, whose declarations it takes on. */
export function replaceMethod(before: object, after: object): void {
  declarations.set(after, [...(declarations.get(before) ?? []), ...(declarations.get(after) ?? [])]);
}

export interface DeclaredMethod extends Declaration {
  readonly method: string | symbol;
}

/** What the decorators said about an object's methods, inherited ones included. From now on a bus has it. */
export function claimDeclarations(target: object): readonly DeclaredMethod[] {
  const found: DeclaredMethod[] = [];
  const names = new Set<string | symbol>();
  for (let owner: object | null = target; owner !== null; owner = Reflect.getPrototypeOf(owner)) {
    for (const method of Reflect.ownKeys(owner)) {
      const value: unknown = Reflect.getOwnPropertyDescriptor(owner, method)?.value;
      if (typeof value !== 'function') continue;
      for (const declaration of declarations.get(value) ?? []) {
        unclaimed.delete(declaration);
        // An overridden method's declaration is void, but its class was registered.
        if (names.has(method)) continue;
        found.push({ ...declaration, label: `${nameOf(target)}.${String(method)}`, method });
      }
      names.add(method);
    }
  }
  return found;
}

export function unclaimedDeclarations(): readonly Declaration[] {
  return [...unclaimed];
}

function nameOf(target: object): string {
  return typeof target === 'function' ? target.name : target.constructor.name;
}
