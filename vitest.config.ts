import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@plexica/source'] },
  ssr: { resolve: { conditions: ['@plexica/source'] } },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
