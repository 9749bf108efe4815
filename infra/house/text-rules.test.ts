import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sourceFiles } from './source-files.ts';
import { breaches, textRules } from './text-rules.ts';

const root = join(import.meta.dirname, '..', '..');
const long = (lines: number): string => 'export {};\n'.repeat(lines);

describe('the house', () => {
  const files = sourceFiles(root);

  test('is read in full', () => {
    const paths = files.map(({ path }) => path);
    expect(paths).toContain('package-lock.json');
    expect(paths).toContain('contracts/src/kernel/money.ts');
    expect(paths).toContain('.ci/run');
    expect(paths.filter((path) => path.includes('node_modules'))).toEqual([]);
    expect(files.length).toBeGreaterThan(80);
  });

  test('keeps its rules', () => {
    expect(breaches(files)).toEqual([]);
  });
});

describe('each rule is seen to fail', () => {
  const bad: readonly (readonly [rule: string, path: string, text: string])[] = [
    ['short-files', 'services/src/risk/long.ts', long(201)],
    ['licences', 'infra/package.json', '{ "license": "GPL-3.0", "private": true }'],
    ['licences', 'infra/package.json', '{ "license": "MIT" }'],
    ['licences', 'LICENSE', 'All rights reserved'],
    ['nothing-unfinished', 'infra/src/a.ts', `// ${'TO'}DO: later\n`],
    ['nothing-unfinished', 'infra/src/a.test.ts', `// ${'FIX'}ME\n`],
    ['no-banners', 'infra/src/a.ts', '// -------- helpers\n'],
    ['no-banners', 'infra/src/a.ts', '/* helpers ====== */\n'],
    ['no-banners', 'infra/src/a.ts', ' * ─────\n'],
    ['no-home-paths', 'docs/guide.md', `Open ${'/home'}/someone/sentinel\n`],
    ['no-home-paths', 'infra/src/a.ts', `const at = '${'/root'}/data';\n`],
    ['no-false-casts', 'infra/src/a.ts', 'f(x as never);\n'],
    ['no-false-casts', 'infra/src/a.ts', 'f(x as unknown as Order);\n'],
    ['no-registry-in-lock', 'package-lock.json', '"resolved": "https://registry.example/a.tgz"\n'],
    ['no-registry-in-settings', '.npmrc', 'registry=https://registry.example/\n'],
  ];

  test.each(bad)('%s: %s', (rule, path, text) => {
    expect(breaches([{ path, text }]).map((breach) => breach.split(':')[0])).toEqual([rule]);
  });

  test('and none is left out', () => {
    expect(new Set(bad.map(([rule]) => rule))).toEqual(new Set(textRules.map(({ name }) => name)));
  });
});

test.each([
  ['services/src/risk/short.ts', long(200)],
  ['services/src/risk/long.test.ts', long(900)],
  ['package-lock.json', '"resolved": "contracts",\n'],
  ['docs/guide.md', 'See https://example.org/home/page and ./work/now\n'],
  ['infra/src/a.ts', '/** Says why. */\nconst rest = a -- -b;\n'],
])('%s is as it should be', (path, text) => {
  expect(breaches([{ path, text }])).toEqual([]);
});
