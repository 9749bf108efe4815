import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** The files that a table under a sentence of the reader's path names, from the root. */
const filesUnder = (sentence: string, text = page): readonly string[] => {
  const rows = text.slice(text.indexOf(sentence)).split('\n\n')[1]?.split('\n').slice(2) ?? [];
  return rows.flatMap((row) => {
    const [folder, ...files] = [...row.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    return files.map((file) => `${folder}/${file}`);
  });
};

describe('the reader’s path', () => {
  test.each([
    ['An order from HTTP to its event', 60],
    ['Its fill, from the venue to its event', 20],
  ])('%s is as short as it says, and every file stands where it says', (sentence, most) => {
    const files = filesUnder(sentence);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(new Set(files).size).toBe(files.length);
    expect(files.length).toBeGreaterThan(most / 2);
    expect(files.length).toBeLessThanOrEqual(most);
  });

  test('a file that is not there is found out', () => {
    const text =
      'So it goes\n\n| a | b |\n|---|---|\n| `infra/house` | `tally.ts` `gone.ts` |\n\nend';
    expect(filesUnder('So it goes', text)).toEqual(['infra/house/tally.ts', 'infra/house/gone.ts']);
    expect(existsSync(join(root, 'infra/house/gone.ts'))).toBe(false);
  });
});

test('every path that the page names leads somewhere', () => {
  const named = [
    ...page.matchAll(/`((?:contracts|services|projections|infra|mcp-gateway)\/[^` *<]+)`/g),
  ];
  expect(named.length).toBeGreaterThan(10);
  expect(
    named.map(([, path]) => path ?? '').filter((path) => !existsSync(join(root, path))),
  ).toEqual([]);
});
