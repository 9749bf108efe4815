import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const floors = '@sentinel';

/**
 * Tests that need no database and no port, in one process whose modules are loaded once. Which branches
 * are reached is counted in the sources as they are, and cannot be in those that hold mutants. Tests that
 * kill residents hold the workflows, not money, and need modules of their own.
 */
const tests = `import { BaseSequencer } from 'vitest/node';

const { fromStart } = JSON.parse(process.env.MUTATION_TRIAL);
const isTrial = ({ moduleId }) => moduleId.endsWith('/each-mutant.ts');

// The trial comes when everything has run once.
class TrialLast extends BaseSequencer {
  async sort(specs) {
    return [...specs].sort((a, b) => isTrial(a) - isTrial(b));
  }
}

export default {
  test: {
    sequence: { sequencer: TrialLast },
    include: [
      '{contracts,services,projections}/src/**/*.test.ts',
      ...(fromStart === undefined ? ['infra/house/mutation/each-mutant.ts'] : []),
    ],
    exclude: [
      '**/*.int.test.ts',
      '**/node_modules/**',
      '**/residents/deaths.test.ts',
      '**/kernel/workflow/*.test.ts',
    ],
    testNamePattern: /^(?!.*each branch)/,
    testTimeout: 60_000,
    isolate: false,
    pool: 'forks',
    maxWorkers: 1,
    setupFiles: ['./infra/house/compare-moments.ts'],
    runner: './infra/house/mutation/noticing-runner.ts',
    provide: { propertyRuns: 0, trial: process.env.MUTATION_TRIAL },
  },
};
`;
export const testSettings = 'vitest.mutation.config.ts';

/** Writes the settings with which a copy is tried. */
export const writeTestSettings = (folder: string): void =>
  writeFileSync(join(folder, testSettings), tests);

/**
 * A copy of the sources in which files may be changed, with its own floors and the installed packages:
 * a floor reached through the packages of the original would be one without mutants.
 */
export const copyOf = (root: string, to: string): void => {
  const names = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const files = execFileSync('git', names, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  for (const file of files
    .split('\0')
    .filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(root, file), join(to, file));
  }
  const packages = join(to, 'node_modules');
  mkdirSync(join(packages, floors), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')).filter((each) => each !== floors))
    symlinkSync(join(root, 'node_modules', name), join(packages, name));
  for (const name of readdirSync(join(root, 'node_modules', floors)))
    symlinkSync(join(to, name), join(packages, floors, name));
  writeTestSettings(to);
};
