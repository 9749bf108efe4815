import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** One file for each rule that the house counts on, and the rule that must be named for it. */
const bad: readonly (readonly [path: string, rule: string, text: string])[] = [
  ['services/src/clock-read.ts', 'plugin', 'export const at = (): number => Date.now();\n'],
  ['services/src/clock-passed.ts', 'plugin', 'export const clock = Date.now;\n'],
  ['services/src/new-date.ts', 'plugin', 'export const at = new Date();\n'],
  ['services/src/temporal.ts', 'plugin', 'export const at = Temporal.Now.instant();\n'],
  ['mcp-gateway/src/chance.ts', 'plugin', 'export const chance = Math.random();\n'],
  ['contracts/src/uuid.ts', 'plugin', 'export const id = crypto.randomUUID();\n'],
  ['contracts/src/core.ts', 'noNodejsModules', "export { join } from 'node:path';\n"],
  ['projections/src/env.ts', 'noProcessGlobal', 'export const port = process.env.PORT;\n'],
  [
    'infra/src/floating.ts',
    'noFloatingPromises',
    'const later = async (): Promise<void> => {};\nexport const now = (): void => {\n  later();\n};\n',
  ],
  [
    'services/src/cases.ts',
    'useExhaustiveSwitchCases',
    "type Side = 'buy' | 'sell';\nexport const sign = (side: Side): number => {\n  switch (side) {\n    case 'buy':\n      return 1;\n  }\n  return -1;\n};\n",
  ],
  ['infra/src/default.ts', 'noDefaultExport', 'export default 1;\n'],
  ['infra/src/any.ts', 'noExplicitAny', 'export const parse = (text: any): string => text;\n'],
  ['infra/src/shape.ts', 'useConsistentTypeDefinitions', 'export interface Shape {\n  a: 1;\n}\n'],
  ['infra/src/enum.ts', 'noEnum', "export enum Side {\n  Buy = 'buy',\n}\n"],
  [
    'infra/src/assign.ts',
    'noParameterAssign',
    'export const next = (n: number): number => {\n  n += 1;\n  return n;\n};\n',
  ],
  [
    'infra/src/import-type.ts',
    'useImportType',
    "import { Shape } from './shape.ts';\nexport type Round = Shape;\n",
  ],
  [
    'infra/src/many.ts',
    'useMaxParams',
    'export const sum = (a: number, b: number, c: number, d: number): number => a + b + c + d;\n',
  ],
  [
    'infra/src/long.ts',
    'noExcessiveLinesPerFunction',
    `export const long = (): void => {\n${"  console.error('again');\n".repeat(71)}};\n`,
  ],
  ['infra/src/swallow.ts', 'noEmptyBlockStatements', 'try {\n  JSON.parse("");\n} catch {}\n'],
  ['infra/src/print.ts', 'noConsole', "console.log('protocol?');\n"],
  ['infra/src/camelCase.ts', 'useFilenamingConvention', 'export const a = 1;\n'],
  ['infra/src/layout.ts', 'format', 'export const a = "double";\n'],
];

const good: Readonly<Record<string, string>> = {
  'infra/src/clock.ts': 'export const now = (): number => Date.now();\n',
  'services/src/epoch.ts': 'export const epoch = new Date(0);\n',
};

let house = '';
let said = '';

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'sentinel-style-'));
  cpSync(join(root, 'biome.json'), join(house, 'biome.json'));
  const texts = [...bad.map(([path, , text]) => [path, text] as const), ...Object.entries(good)];
  for (const [path, text] of texts) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
  const plugin = 'infra/house/no-hidden-inputs.grit';
  mkdirSync(join(house, dirname(plugin)), { recursive: true });
  cpSync(join(root, plugin), join(house, plugin));
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = ['check', '--error-on-warnings', '--reporter=github', '--max-diagnostics=none'];
  const { stdout } = spawnSync(process.execPath, [biome, ...args], {
    cwd: house,
    encoding: 'utf8',
    timeout: 60_000,
  });
  said = stdout;
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

const saidOf = (path: string): readonly string[] =>
  said.split('\n').filter((line) => line.includes(`${path},`));

test.each(bad)('%s breaks %s', (path, rule) => {
  expect(
    saidOf(path).some((line) => line.includes(`title=${rule}`) || line.includes(`/${rule},`)),
  ).toBe(true);
});

test.each(Object.keys(good))('%s is as it should be', (path) => {
  expect(saidOf(path)).toEqual([]);
});
