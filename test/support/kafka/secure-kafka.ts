import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type KafkaCluster, startKafka } from './kafka-broker.ts';

/** A broker that speaks TLS with a certificate of its own making, and asks who is there. */
export interface SecureKafka extends KafkaCluster {
  /** PEM. */
  readonly ca: string;
}

/** `admin` may do all; `plexica` what no rule forbids. PLAIN and SCRAM-SHA-512 have passwords of their own. */
export const PASSWORDS = { admin: 'admin-secret', plain: 'plain-secret', scram: 'scram-secret' } as const;

export async function startSecureKafka(): Promise<SecureKafka> {
  const folder = await mkdtemp(join(tmpdir(), 'plexica-kafka-keys-'));
  const store = join(folder, 'broker.p12');
  const secret = ['-storetype', 'PKCS12', '-keystore', store, '-storepass', 'changeit', '-alias', 'broker'];
  // keytool comes with every Java.
  const keytool = (...args: string[]) => promisify(execFile)('keytool', [...args, ...secret]);
  await keytool(
    ...['-genkeypair', '-keyalg', 'RSA', '-keysize', '2048', '-validity', '2', '-dname', 'CN=broker'],
    ...['-ext', 'san=ip:127.0.0.1', '-ext', 'bc=ca:true'],
  );
  await keytool('-exportcert', '-rfc', '-file', join(folder, 'ca.pem'));
  const ca = await readFile(join(folder, 'ca.pem'), 'utf8');
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
  const cluster = await startKafka({
    clients: {
      protocol: 'SASL_SSL',
      properties: [
        'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512',
        'sasl.mechanism.inter.broker.protocol=PLAIN',
        `listener.name.clients.plain.sasl.jaas.config=${plain} username="admin" password="${PASSWORDS.admin}" \
user_admin="${PASSWORDS.admin}" user_plexica="${PASSWORDS.plain}";`,
        `listener.name.clients.scram-sha-512.sasl.jaas.config=${scram} username="admin" password="-";`,
        `ssl.keystore.location=${store}`,
        'ssl.keystore.type=PKCS12',
        'ssl.keystore.password=changeit',
        `ssl.truststore.location=${join(folder, 'ca.pem')}`,
        'ssl.truststore.type=PEM',
        'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        // Controllers speak to one another without names.
        'super.users=User:admin;User:ANONYMOUS',
        'allow.everyone.if.no.acl.found=true',
      ],
      scram: [`SCRAM-SHA-512=[name=plexica,password=${PASSWORDS.scram}]`],
      client: {
        ssl: { ca },
        sasl: { mechanism: 'plain', username: 'admin', password: PASSWORDS.admin },
      },
    },
  }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    ...cluster,
    ca,
    async stop() {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
