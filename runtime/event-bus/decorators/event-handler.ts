import type { DomainEvent } from '../domain-event.ts';
import type { EventMap, EventName } from '../event-map.ts';
import { declare } from './declarations.ts';
import { labelOf } from './label-of.ts';

type HandlerMethod<Data> = (event: DomainEvent<Data>) => unknown;

/** Where no event is generated a method may say itself what it takes: `never` fits all. */
type HandledData<Name extends EventName> = Name extends keyof EventMap ? EventMap[Name] : never;

/** Fits both decorator styles of TypeScript: the standard one, and `experimentalDecorators`. */
export interface EventHandlerDecorator<Data> {
  (method: HandlerMethod<Data>, context: ClassMethodDecoratorContext): void;
  <Method extends HandlerMethod<Data>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void;
}

/**
 * The method handles the event, once its object was given to `bus.register`. A rejection makes the event be tried again.
 *
 * @param name an event that the manifest lists in `events.subscribes`
 */
export function EventHandler<Name extends EventName>(name: Name): EventHandlerDecorator<HandledData<Name>> {
  function decorate(
    methodOrTarget: object,
    contextOrKey: ClassMethodDecoratorContext | string | symbol,
    descriptor?: PropertyDescriptor,
  ): void {
    const method: object = descriptor?.value ?? methodOrTarget;
    declare(method, { kind: 'handler', event: name, label: labelOf(methodOrTarget, contextOrKey) });
  }
  return decorate;
}
