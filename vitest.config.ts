import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@plexica/source'] },
  ssr: { resolve: { conditions: ['@plexica/source'] } },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // A golden file that is absent or differs fails, in CI and at home alike; CONTRIBUTING.md says how to accept one.
    update: process.env.UPDATE_GOLDEN === '1' ? 'all' : 'none',
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
