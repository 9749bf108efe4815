import { defineConfig } from 'vitest/config';

/** `npm run properties` tries every property on this many cases; 0 leaves each its usual number. */
const propertyRuns = Number(process.env.PROPERTY_RUNS ?? 0);

/** Tests of functions that need modules of their own: residents die in them, or branches are counted. */
const ownModules = [
  'services/src/kernel/workflow/*.test.ts',
  'services/src/execution/residents/deaths.test.ts',
  'services/src/{risk,regime,strategy}/policies.test.ts',
];

/** Which tests share modules with others, and which have them to themselves; each test is in one of both. */
const projects = {
  together: {
    include: ['{contracts,services,projections}/src/**/*.test.ts'],
    exclude: ['**/*.int.test.ts', ...ownModules],
  },
  apart: {
    include: [
      ...ownModules,
      '{contracts,services,projections}/src/**/*.int.test.ts',
      '{infra,mcp-gateway}/src/**/*.test.ts',
      'infra/{house,launch}/**/*.test.ts',
    ],
    exclude: [],
  },
} as const;

const listed = ({ include, exclude }: (typeof projects)[keyof typeof projects]) => ({
  include: [...include],
  exclude: ['**/node_modules/**', ...exclude],
});

// The one file that must export a default: vitest asks for it.
export default defineConfig({
  test: {
    testTimeout: 20_000 + 100 * propertyRuns,
    provide: { propertyRuns },
    hookTimeout: 60_000,
    // The machines that run them have two cores; most of the time of a test that starts programs is waiting.
    maxWorkers: 2,
    // A busy machine takes its time: what is waited for is a condition, not a second.
    expect: { poll: { timeout: 15_000 } },
    setupFiles: ['infra/house/compare-moments.ts'],
    projects: [
      {
        extends: true,
        // They open nothing and leave nothing behind. Most of the time of such a test is loading.
        test: { name: 'together', isolate: false, ...listed(projects.together) },
      },
      {
        extends: true,
        test: {
          ...{ name: 'apart', ...listed(projects.apart) },
          globalSetup: ['infra/src/postgres/test-global-setup.ts'],
        },
      },
    ],
  },
});
