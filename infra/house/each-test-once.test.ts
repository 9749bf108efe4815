import { execFileSync } from 'node:child_process';
import { join, matchesGlob } from 'node:path';
import { expect, test } from 'vitest';
import config from '../../vitest.config.ts';

const root = join(import.meta.dirname, '..', '..');

type Tests = { readonly include?: readonly string[]; readonly exclude?: readonly string[] };

/** What each project of the runner takes, as its configuration has it. */
const projects = (config.test?.projects ?? []).map(
  (project): Tests =>
    typeof project === 'object' && 'test' in project ? ((project.test ?? {}) as Tests) : {},
);

test('every test file is run, and by one project alone', () => {
  const files = execFileSync('git', ['ls-files', '*.test.ts'], { cwd: root, encoding: 'utf8' });
  const takenBy = (file: string): number =>
    projects.filter(
      ({ include = [], exclude = [] }) =>
        include.some((glob) => matchesGlob(file, glob)) &&
        !exclude.some((glob) => matchesGlob(file, glob)),
    ).length;
  const all = files.trim().split('\n');
  expect(all.length).toBeGreaterThan(300);
  expect(all.filter((file) => takenBy(file) !== 1)).toEqual([]);
});
