import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const VERSION = '4.1.0';
const POM = fileURLToPath(new URL('pom.xml', import.meta.url));
const CACHE = fileURLToPath(new URL(`../../../.cache/kafka/${VERSION}`, import.meta.url));

/** What this machine lacks for a Kafka of its own, in words; undefined where one can be started. */
export function missingForKafka(): string | undefined {
  if (spawnSync('java', ['-version']).status !== 0) return 'there is no Java (17 or later)';
  if (existsSync(CACHE) || spawnSync('mvn', ['-v']).status === 0) return undefined;
  return 'there is no Maven to fetch Apache Kafka with';
}

/**
 * The class path of Apache Kafka. Fetched from Maven Central once, into `.cache/kafka`; who comes second while it is
 * fetched fetches too, and the first result stays.
 */
export async function kafkaClassPath(): Promise<string> {
  if (!existsSync(CACHE)) await fetchJars();
  return join(CACHE, '*');
}

async function fetchJars(): Promise<void> {
  await mkdir(dirname(CACHE), { recursive: true });
  const folder = await mkdtemp(`${CACHE}.`);
  try {
    await promisify(execFile)('mvn', [
      '--quiet',
      '--batch-mode',
      `--file=${POM}`,
      'org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${folder}`,
      `-Dkafka.version=${VERSION}`,
    ]);
    await rename(folder, CACHE).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
