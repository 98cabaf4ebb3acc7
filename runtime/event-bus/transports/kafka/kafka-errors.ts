import { EventBusError } from '../../errors.ts';

/** The error code that Kafka itself gave, `NOT_LEADER_FOR_PARTITION`, however deep kafkajs has wrapped it. */
export function kafkaCodeOf(error: unknown): string | undefined {
  for (let one = error; one instanceof Error; one = one.cause) {
    const { type } = one as Error & { readonly type?: unknown }; // KafkaJSProtocolError has it
    if (typeof type === 'string') return type;
  }
  return undefined;
}

/** Whether trying again will not help: wrong credentials, missing rights, a message that is too large. */
export function isRefusal(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one.name.includes('SASLAuthentication') || one.name.includes('NotImplemented')) return true;
  }
  return /AUTHORIZATION_FAILED|AUTHENTICATION_FAILED|TOO_LARGE|POLICY_VIOLATION|^INVALID_/.test(
    kafkaCodeOf(error) ?? '',
  );
}

export function kafkaError(what: string, cause: unknown): EventBusError {
  if (cause instanceof EventBusError) return cause;
  const code = isRefusal(cause) ? 'transport-refused' : 'transport-unavailable';
  return new EventBusError(code, `${what}: ${wordsOf(cause)}`, { cause });
}

/** Where it was looked for, and what may be wrong with that. */
export function unreachable(brokers: readonly string[], cause: unknown): EventBusError {
  const where = `Kafka does not answer at ${brokers.join(', ')}`;
  return kafkaError(`${where} (check events.brokers, TLS and SASL settings)`, cause);
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
