import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { isRefusal, kafkaCodeOf, kafkaError } from './kafka-errors.ts';

const protocolError = (type: string) => Object.assign(new Error('words'), { type });

it('finds what Kafka said below what kafkajs made of it', () => {
  const wrapped = new kafkajs.KafkaJSNumberOfRetriesExceeded(protocolError('NOT_ENOUGH_REPLICAS'), {
    retryCount: 3,
    retryTime: 100,
  });
  expect(kafkaCodeOf(wrapped)).toBe('NOT_ENOUGH_REPLICAS');
  expect(isRefusal(wrapped)).toBe(false);
  expect(kafkaError('no', wrapped)).toMatchObject({ code: 'transport-unavailable', message: 'no: words' });
});

it.each(['TOPIC_AUTHORIZATION_FAILED', 'MESSAGE_TOO_LARGE', 'INVALID_REPLICATION_FACTOR'])(
  'takes %s for a refusal',
  (type) => {
    expect(kafkaError('no', protocolError(type))).toMatchObject({ code: 'transport-refused' });
  },
);
