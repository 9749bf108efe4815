import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type SourceFile, sourceFiles } from './source-files.ts';

const root = join(import.meta.dirname, '..', '..');

/** What decides, acts by itself, answers a tool, shows a market or carries orders, by how it is named. */
const acting =
  /^export const (\w*(?:Workflow|Roller|Handlers|Decider|Venue|Market|MarketData|Committee|committee|Check|residentsOf|Residents|Desk|Floor|EventStore)|assess\w*|reconcile\w*|size[A-Z]\w*|recover\w*)\b/gm;

/** Those that are for tests and for measuring alone, as their names say. */
const meant = /^(memory|measure)/;

const isProduct = ({ path }: SourceFile): boolean =>
  /^(services|infra|mcp-gateway|projections)\/src\/.*\.ts$/.test(path) &&
  !/\.test\.ts$|\/test-[^/]*$|\/test-kit\/|\/fixtures|\/contract-tests\/|\/(bench|chaos|conformance|samples)\//.test(
    path,
  );

/** Names that are exported and that no other file of the program says; passing on in an index is not saying. */
const idle = (files: readonly SourceFile[]): readonly string[] => {
  const saying = files
    .filter(({ path }) => !path.endsWith('/index.ts'))
    .map(({ path, text }) => ({ path, words: new Set(text.match(/\w+/g)) }));
  const inIndex = files
    .filter(({ path }) => path.endsWith('/index.ts'))
    .map(({ text }) => text.replace(/^export [^;]* from [^;]*;$/gm, ''));
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(acting)].flatMap(([, name = '']) => {
      const word = new RegExp(`\\b${name}\\b`, 'g');
      const isUsed =
        meant.test(name) ||
        (text.match(word)?.length ?? 0) > 1 ||
        saying.some((each) => each.path !== path && each.words.has(name)) ||
        inIndex.some((each) => each.search(word) >= 0);
      return isUsed ? [] : [`${path}: ${name}`];
    }),
  );
};

test('D6: whatever decides or acts is put to work by the program, and not by its tests alone', () => {
  const files = sourceFiles(root).filter(isProduct);
  const count = files.reduce((sum, { text }) => sum + [...text.matchAll(acting)].length, 0);
  expect(count).toBeGreaterThan(60);
  expect(idle(files)).toEqual([]);
  // One that only a test would find.
  const forgotten = { path: 'services/src/risk/lost.ts', text: 'export const lostWorkflow = 1;\n' };
  expect(idle([...files, forgotten])).toEqual(['services/src/risk/lost.ts: lostWorkflow']);
});
