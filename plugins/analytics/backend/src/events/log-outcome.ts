import type { Outcome } from '@plexica/event-bus';
import type { FastifyBaseLogger } from 'fastify';

/** What became of an event that could not be handled; those that were are not worth a line each. */
export function logOutcome(log: FastifyBaseLogger, outcome: Outcome): void {
  if (outcome.kind === 'handled') return;
  if (outcome.kind === 'failed') {
    const { event, attempt, error, retryInMs } = outcome;
    const details = { err: error, event: event.name, eventId: event.id, attempt, retryInMs };
    log.warn(details, 'an event could not be handled, and is tried again');
    return;
  }
  const { event, reason, error, attempts } = outcome.letter;
  const details = { event: event?.name, eventId: event?.id, reason, error, attempts };
  if (outcome.kind === 'dead-letter') log.error(details, 'an event was given up: it is a dead letter');
  else log.warn(details, 'a dead letter cannot be kept now, and is tried again');
}
