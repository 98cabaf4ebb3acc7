import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface LoadOptions {
  /** Up to the plugin's own paths. */
  readonly url: string;
  readonly token: string;
  /** Each sends one request after the other. */
  readonly connections: number;
  /** Every so manieth request is a PUT; none unless stated. */
  readonly putEvery?: number;
  /** A query for GETs, such as `size=1000`. */
  readonly query?: string;
  /** Between an answer and the next request on its connection, in milliseconds; 2 unless stated. */
  readonly pause?: number;
}

/** What a client saw of one request. */
export interface Outcome {
  readonly id: string;
  readonly method: 'GET' | 'PUT';
  /**
   * `whole`: an answer that is complete, and what it should be where it is a 200. `short`: complete by its framing, and not
   * what it should be. `cut`: its head came, and its connection broke. `none`: no head came. `hung`: nobody said anything.
   */
  readonly kind: 'whole' | 'short' | 'cut' | 'none' | 'hung';
  /** 0 where no head came. */
  readonly status: number;
  /** Of an error of the gateway's. */
  readonly code: string;
  /** When it was sent, as `performance.now` has it. */
  readonly at: number;
  readonly ms: number;
}

export interface Load {
  readonly outcomes: readonly Outcome[];
  /** Resolves with the next outcome that is so. */
  next(isSo: (outcome: Outcome) => boolean): Promise<Outcome>;
  /** Resolves when so many more requests have an outcome. */
  more(count: number): Promise<void>;
  /** Sends nothing more, and waits for what is under way. */
  stop(): Promise<readonly Outcome[]>;
}

/** After so long nobody is going to answer, in milliseconds. */
const HUNG = 10_000;

/** Sends requests over so many connections until it is stopped. */
export function startLoad(options: LoadOptions): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  const outcomes: Outcome[] = [];
  const listeners = new Set<(outcome: Outcome) => void>();
  // No two loads speak of the same item.
  const name = randomUUID().slice(0, 8);
  let sent = 0;
  let isOver = false;
  const all = Promise.all(Array.from({ length: options.connections }, sendForEver));

  const next: Load['next'] = (isSo) =>
    new Promise((resolve) => {
      listeners.add(function look(outcome) {
        if (!isSo(outcome)) return;
        listeners.delete(look);
        resolve(outcome);
      });
    });
  return {
    outcomes,
    next,
    async more(count) {
      let left = count;
      await next(() => {
        left -= 1;
        return left <= 0;
      });
    },
    async stop() {
      isOver = true;
      await all;
      agent.destroy();
      return outcomes;
    },
  };

  async function sendForEver(): Promise<void> {
    while (!isOver) {
      sent += 1;
      const outcome = await sendOne(options, agent, sent, `${name}-${sent}`);
      outcomes.push(outcome);
      for (const listener of [...listeners]) listener(outcome);
      await delay(options.pause ?? 2);
    }
  }
}

async function sendOne(
  { url, token, putEvery, query = '' }: LoadOptions,
  agent: Agent,
  number: number,
  id: string,
): Promise<Outcome> {
  const at = performance.now();
  const method = putEvery !== undefined && number % putEvery === 0 ? 'PUT' : 'GET';
  const outgoing = request(`${url}/items/${id}?${method === 'GET' ? query : ''}`, {
    agent,
    method,
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(HUNG),
  });
  outgoing.end(method === 'PUT' ? `value ${number}` : undefined);
  const seen = { id, method, at } as const;
  // What breaks later is seen by whoever reads the answer.
  outgoing.on('error', () => undefined);
  const ms = () => performance.now() - at;
  const answer = await headOf(outgoing).catch((error: Error) => error);
  if (answer instanceof Error) {
    return { ...seen, kind: isPatienceOver(answer) ? 'hung' : 'none', status: 0, code: '', ms: ms() };
  }
  const status = answer.statusCode ?? 0;
  const text = await textOf(answer).catch((error: Error) => error);
  if (text instanceof Error) {
    return { ...seen, kind: isPatienceOver(text) ? 'hung' : 'cut', status, code: '', ms: ms() };
  }
  const { isRight, code } = read(text, status, id, Number(new URLSearchParams(query).get('size') ?? 0));
  return { ...seen, kind: isRight ? 'whole' : 'short', status, code, ms: ms() };
}

async function headOf(outgoing: ClientRequest): Promise<IncomingMessage> {
  const [answer] = await once(outgoing, 'response');
  return answer;
}

function isPatienceOver({ name }: Error): boolean {
  return name === 'AbortError' || name === 'TimeoutError';
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer) text += chunk;
  return text;
}

/** @param size of the padding that a GET asked for */
function read(text: string, status: number, id: string, size: number): { isRight: boolean; code: string } {
  try {
    const { data, code = '' } = JSON.parse(text);
    if (status !== 200) return { isRight: typeof code === 'string' && code !== '', code: String(code) };
    const isPut = data.put !== '';
    return { isRight: data.id === id && (isPut || data.padding.length === size), code: '' };
  } catch {
    return { isRight: false, code: '' };
  }
}
