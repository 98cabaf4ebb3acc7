/** One end of a channel to another process. What goes over it is JSON, and comes in the order in which it was sent. */
export interface Endpoint {
  /** Never throws: a message to a process that is gone is lost. */
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The other process is gone, or has closed its end. */
  onClose(listener: () => void): void;
}

/** Functions that one process offers to another: what they take and resolve to is plain JSON. */
type Offer<T> = { readonly [Name in keyof T]: (argument: never) => unknown };

/** The other process, as far as it can be asked. */
export interface Peer<Remote extends Offer<Remote>> {
  /** Rejects when the other's function does, with its words, and when the other is gone. */
  call<Name extends keyof Remote & string>(
    name: Name,
    ...argument: Parameters<Remote[Name]>
  ): Promise<Awaited<ReturnType<Remote[Name]>>>;
}

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly argument?: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly reason: string };

/** Both ends belong to one version of this program: what comes is what the types say. */
export function connectPeer<Remote extends Offer<Remote>, Local extends Offer<Local>>(
  endpoint: Endpoint,
  local: Local,
): Peer<Remote> {
  const functions = new Map(Object.entries<(argument: never) => unknown>(local));
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  let count = 0;
  let isClosed = false;

  endpoint.onMessage((received) => {
    const message = received as Message; // only this module writes into the channel
    if (message.kind === 'call') {
      void answer(message);
      return;
    }
    const asked = pending.get(message.id);
    pending.delete(message.id);
    if (message.kind === 'answer') asked?.resolve(message.value);
    else asked?.reject(new Error(message.reason));
  });
  endpoint.onClose(() => {
    isClosed = true;
    for (const asked of pending.values()) asked.reject(new Error('the other process is gone'));
    pending.clear();
  });

  return {
    call(name, ...[argument]) {
      count += 1;
      const asked = Promise.withResolvers<unknown>();
      if (isClosed) asked.reject(new Error('the other process is gone'));
      else {
        pending.set(count, asked);
        endpoint.send({ kind: 'call', id: count, name, argument } satisfies Message);
      }
      return asked.promise as never; // the value that the function of this name resolves to
    },
  };

  async function answer({ id, name, argument }: Extract<Message, { kind: 'call' }>): Promise<void> {
    try {
      const run = functions.get(name);
      if (run === undefined) throw new Error(`the other process offers no ${name}`);
      endpoint.send({ kind: 'answer', id, value: await run(argument as never) } satisfies Message);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      endpoint.send({ kind: 'failure', id, reason } satisfies Message);
    }
  }
}
