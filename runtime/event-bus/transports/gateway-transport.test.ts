import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventBusError } from '../errors.ts';
import type { GatewayPort } from './embedded/gateway-port.ts';
import { gatewayTransport } from './gateway-transport.ts';
import { kafkaOptionsOf } from './kafka-from-gateway.ts';

const KAFKA = {
  kind: 'kafka',
  brokers: ['127.0.0.1:1'],
  clientId: 'plexica',
  prefix: 'plexica',
  partitions: 6,
  retentionMs: 1000,
  tls: false,
};

/** A gateway that gives these answers in turn, the last one for ever. */
function gatewayOf(...answers: readonly Response[]): GatewayPort & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  return {
    asked,
    pluginId: 'plugin-crm',
    async request(path) {
      asked.push(path);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      return answer?.clone() ?? Response.error();
    },
  };
}
const json = (body: object, status = 200) => new Response(JSON.stringify(body), { status });
const said = (data: object) => json({ success: true, data });

describe('the transport that the gateway names', () => {
  it('is the gateway itself', async () => {
    const transport = gatewayTransport(gatewayOf(said({ kind: 'embedded' })));
    await transport.start();
    expect(transport.name).toBe('embedded');
    await transport.stop();
  });

  it('waits for a gateway that is not there yet', async () => {
    const gateway = gatewayOf(json({}, 503), json({}, 502), said({ kind: 'embedded' }));
    await gatewayTransport(gateway).start();
    expect(gateway.asked.length).toBeGreaterThanOrEqual(3);
  });

  it('gives up a gateway that stays away, and asks anew when it is needed again', async () => {
    const gateway = gatewayOf(json({}, 503), said({ kind: 'embedded' }));
    const transport = gatewayTransport(gateway, { patience: 0 });
    await expect(transport.start()).rejects.toMatchObject({ code: 'transport-unavailable' });
    await transport.start();
  });

  it('says at once that the gateway refuses the plugin', async () => {
    const error = 'the token is not valid';
    const gateway = gatewayOf(json({ success: false, error, code: 'token-invalid' }, 401));
    const starting = gatewayTransport(gateway).start();
    await expect(starting).rejects.toThrow(error);
    await expect(starting).rejects.toMatchObject({ code: 'transport-refused' });
    expect(gateway.asked).toHaveLength(1);
  });

  it('is Kafka', async () => {
    const transport = gatewayTransport(gatewayOf(said(KAFKA)), { environment: {} });
    // Nobody listens there; that it is asked for is enough.
    await expect(transport.start()).rejects.toThrow('Kafka');
  }, 20_000);
});

describe('what a plugin brings along for Kafka', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plexica-kafka-'));
    writeFileSync(join(folder, 'ca.pem'), 'the ca');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is nothing where Kafka wants nothing', async () => {
    expect(await kafkaOptionsOf(KAFKA, { KAFKA_USERNAME: 'u', KAFKA_PASSWORD: 'p' })).toEqual({
      brokers: ['127.0.0.1:1'],
      clientId: 'plexica',
      prefix: 'plexica',
      partitions: 6,
      replicationFactor: undefined,
      retention: 1000,
      tls: undefined,
      sasl: undefined,
    });
  });

  it('is its own name and password, and the files of its certificates', async () => {
    const answer = { ...KAFKA, tls: true, sasl: { mechanism: 'scram-sha-512' }, replicationFactor: 3 };
    const environment = {
      KAFKA_USERNAME: 'crm',
      KAFKA_PASSWORD: 'hush',
      KAFKA_CA_FILE: join(folder, 'ca.pem'),
      KAFKA_CERT_FILE: '',
    };
    expect(await kafkaOptionsOf(answer, environment)).toMatchObject({
      replicationFactor: 3,
      tls: { ca: 'the ca' },
      sasl: { mechanism: 'scram-sha-512', username: 'crm', password: 'hush' },
    });
  });

  it.each([
    [{ ...KAFKA, sasl: { mechanism: 'plain' } }, {}, 'set KAFKA_USERNAME and KAFKA_PASSWORD'],
    [{ ...KAFKA, tls: true }, { KAFKA_CA_FILE: '/not/there.pem' }, 'KAFKA_CA_FILE'],
    [{ kind: 'kafka' }, {}, 'differ in version'],
  ])('is asked for in words (%#)', async (answer, environment, words) => {
    const options = kafkaOptionsOf(answer, environment);
    await expect(options).rejects.toThrow(EventBusError);
    await expect(options).rejects.toThrow(words);
  });
});
