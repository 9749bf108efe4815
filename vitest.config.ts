import { defineConfig } from 'vitest/config';

// The one file that must export a default: vitest asks for it.
export default defineConfig({
  test: {
    include: ['**/src/**/*.test.ts', 'infra/{house,launch}/**/*.test.ts'],
    globalSetup: ['infra/src/postgres/test-global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
