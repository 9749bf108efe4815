import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const floors = '@sentinel';

/**
 * Tests that need no database and no port: a mutant is tried on them in a second or two. Which branches
 * are reached is counted in the sources as they are, and cannot be in those that hold mutants. Tests that
 * kill residents end the worker that tries mutants, and what they hold is not money but the workflows.
 */
const tests = `import { BaseSequencer } from 'vitest/node';

// What ends soon is tried first: most mutants are noticed by it.
class ShortestFirst extends BaseSequencer {
  took(spec) {
    return this.ctx.cache.getTestSpecificationResult(spec)?.duration ?? 0;
  }
  async sort(specs) {
    return [...specs].sort((a, b) => this.took(a) - this.took(b));
  }
}

export default {
  test: {
    sequence: { sequencer: ShortestFirst },
    include: ['{contracts,services,projections}/src/**/*.test.ts'],
    exclude: [
      '**/*.int.test.ts',
      '**/node_modules/**',
      '**/residents/deaths.test.ts',
      '**/kernel/workflow/*.test.ts',
    ],
    testNamePattern: /^(?!.*each branch)/,
    testTimeout: 60_000,
    isolate: false,
    provide: { propertyRuns: 0 },
  },
};
`;
export const testSettings = 'vitest.mutation.config.ts';

/**
 * A copy of the sources in which files may be changed, with its own floors and the installed packages:
 * a floor reached through the packages of the original would be one without mutants.
 */
export const copyOf = (root: string, to: string): void => {
  const names = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const files = execFileSync('git', names, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  for (const file of files.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(root, file), join(to, file));
  }
  const packages = join(to, 'node_modules');
  mkdirSync(join(packages, floors), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')).filter((each) => each !== floors))
    symlinkSync(join(root, 'node_modules', name), join(packages, name));
  for (const name of readdirSync(join(root, 'node_modules', floors)))
    symlinkSync(join(to, name), join(packages, floors, name));
  writeFileSync(join(to, testSettings), tests);
};
