import { defineConfig } from 'vitest/config';

/** `npm run properties` tries every property on this many cases; 0 leaves each its usual number. */
const propertyRuns = Number(process.env.PROPERTY_RUNS ?? 0);

// The one file that must export a default: vitest asks for it.
export default defineConfig({
  test: {
    include: ['**/src/**/*.test.ts', 'infra/{house,launch}/**/*.test.ts'],
    globalSetup: ['infra/src/postgres/test-global-setup.ts'],
    testTimeout: 20_000 + 100 * propertyRuns,
    provide: { propertyRuns },
    hookTimeout: 60_000,
    // A busy machine takes its time: what is waited for is a condition, not a second.
    expect: { poll: { timeout: 15_000 } },
  },
});
