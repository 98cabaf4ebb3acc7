import { readFile } from 'node:fs/promises';
import type { KafkaConfig } from '../config/gateway-config.ts';
import { SetupError } from '../errors.ts';

/**
 * The texts of the files of keys and certificates with which the gateway comes to Kafka.
 *
 * @throws SetupError for a file that cannot be read
 */
export async function readTls(files: KafkaConfig['tls']): Promise<KafkaConfig['tls']> {
  if (files === undefined) return undefined;
  const texts = await Promise.all(
    Object.entries(files).map(async ([name, file]) => {
      try {
        return [name, await readFile(file, 'utf8')] as const;
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new SetupError(`events.kafka.tls.${name} cannot be read: ${why}`, { cause });
      }
    }),
  );
  return Object.fromEntries(texts);
}
