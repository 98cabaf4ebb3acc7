import { EventBusError } from '../errors.ts';
import type { EventData, EventName } from '../event-map.ts';
import { declare, replaceMethod } from './declarations.ts';
import { labelOf } from './label-of.ts';

/** Publishes for a registered object. */
export type PublishFor = (name: string, data: unknown) => Promise<unknown>;

/** Objects know their bus from `bus.register` on; no other way leads from a method's `this` to it. */
const publishers = new WeakMap<object, PublishFor>();

export function bindPublisher(target: object, publish: PublishFor): void {
  publishers.set(target, publish);
}

// The arguments are the method's own business: only what it returns is published.
// biome-ignore lint/suspicious/noExplicitAny: parameters of a method type must be any to accept every method
type PublisherMethod<Data> = (...args: any[]) => Data | Promise<Data>;

/** Fits both decorator styles of TypeScript: the standard one, and `experimentalDecorators`. */
export interface EventPublisherDecorator<Data> {
  <Method extends PublisherMethod<Data>>(method: Method, context: ClassMethodDecoratorContext): Method;
  <Method extends PublisherMethod<Data>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): TypedPropertyDescriptor<Method>;
}

/**
 * What the method returns is published before its promise resolves with it. It works on objects that were given to
 * `bus.register`; on others it rejects.
 *
 * @param name an event that the manifest lists in `events.publishes`
 */
export function EventPublisher<Name extends EventName>(name: Name): EventPublisherDecorator<EventData<Name>> {
  function decorate(
    methodOrTarget: object,
    contextOrKey: ClassMethodDecoratorContext | string | symbol,
    descriptor?: PropertyDescriptor,
  ): unknown {
    const method: unknown = descriptor?.value ?? methodOrTarget;
    if (typeof method !== 'function') throw new TypeError('@EventPublisher decorates methods');
    const label = labelOf(methodOrTarget, contextOrKey);

    async function publishing(this: object, ...args: readonly unknown[]): Promise<unknown> {
      const data: unknown = await Reflect.apply(method as PublisherMethod<unknown>, this, args);
      const publish = publishers.get(this);
      if (publish === undefined) {
        throw new EventBusError(
          'setup-invalid',
          `${label} publishes ${name}, and its object was given to no bus: call bus.register(object) first`,
        );
      }
      await publish(name, data);
      return data;
    }

    replaceMethod(method, publishing);
    declare(publishing, { kind: 'publisher', event: name, label });
    return descriptor === undefined ? publishing : { ...descriptor, value: publishing };
  }
  // One function serves both styles, which TypeScript can say of a value with overloads alone.
  return decorate as EventPublisherDecorator<EventData<Name>>;
}
