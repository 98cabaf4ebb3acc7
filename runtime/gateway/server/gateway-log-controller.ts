import { type FastifyRequest, LogController } from 'fastify';
import { describeError } from './create-log.ts';

/** What Fastify logs about requests: nothing when all goes well, since `logRequest` writes their lines. */
export class GatewayLogController extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'requestId' });
  }

  override incomingRequest(): void {
    // One line a request is enough.
  }

  override requestCompleted(): void {
    // Fastify does not hear of clients that go away before their answer.
  }

  /** The answer began, and its source failed, so that the client sees it cut short; or the client itself went away. */
  override streamError(error: Error, request: FastifyRequest): void {
    if (request.raw.socket.destroyed) return;
    request.observation?.brokeOff();
    request.log.warn({ error: describeError(error) }, 'an answer broke off');
  }

  /** Fastify would log the whole request. */
  override writeHeadError(error: Error, request: FastifyRequest): void {
    request.log.warn({ error: describeError(error) }, 'the head of an answer could not be written');
  }
}
