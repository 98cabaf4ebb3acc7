import { defineConfig } from 'vitest/config';

/** They load the machine with processes of their own, and look at times: one after the other, when the rest is done. */
const HEAVY = [
  'runtime/gateway/workers/**/*.test.ts',
  'test/event-loss/**/*.test.ts',
  'test/faults/**/*.test.ts',
  'test/soak/**/*.test.ts',
];
const NEVER = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  resolve: { conditions: ['@plexica/source'] },
  ssr: { resolve: { conditions: ['@plexica/source'] } },
  test: {
    globalSetup: ['test/support/kafka/global-setup.ts'],
    // A golden file that is absent or differs fails, in CI and at home alike; CONTRIBUTING.md says how to accept one.
    update: process.env.UPDATE_GOLDEN === '1' ? 'all' : 'none',
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'light',
          include: ['**/*.test.ts'],
          exclude: [...NEVER, ...HEAVY],
          // Most of them wait more than they compute; vitest itself would leave one core alone.
          maxWorkers: '100%',
        },
      },
      {
        extends: true,
        test: {
          name: 'heavy',
          include: HEAVY,
          exclude: NEVER,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
