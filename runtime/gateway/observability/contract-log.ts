import type { FastifyBaseLogger } from 'fastify';
import type { ContractDifference } from '../rules/contract.ts';

/** Says in the log what differs. */
export type LogContract = (difference: ContractDifference, log: Pick<FastifyBaseLogger, 'warn'>) => void;

/** A caller may claim what it likes: so many differences are remembered and told, and no more. */
const MOST = 1000;

/** Tells each difference once, however often the caller makes its calls. */
export function createContractLog(): LogContract {
  const told = new Set<string>();
  return ({ callerId, pluginId, service, made, served }, log) => {
    const key = `${callerId} ${service} ${made.digest}`;
    if (told.has(key) || told.size >= MOST) return;
    told.add(key);
    log.warn(
      { caller: callerId, service, made: made.version, served },
      `the client of ${callerId} was made from ${service} ${made.version}, and ${pluginId} now has ${served}, which is ` +
        `compatible: run \`plexica build\` and redeploy ${callerId} when it suits`,
    );
  };
}
