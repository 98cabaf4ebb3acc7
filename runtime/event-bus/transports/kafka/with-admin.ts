import type { Admin, Kafka } from 'kafkajs';

/** Does something over a connection of its own: one that is kept does not survive all that may happen to brokers. */
export async function withAdmin<Result>(
  kafka: Kafka,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
