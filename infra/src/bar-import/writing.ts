import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dividendsFile, keepColumns, splitsFile } from '../market-data/index.ts';
import { type Declared, declarationText, readDeclarations } from './declarations.ts';
import type { ImportOptions } from './options.ts';
import type { Proven } from './prove-series.ts';

/** Whole or not at all: a file that was half written would be read as a short history. */
export const writeWhole = async (path: string, content: string | Uint8Array): Promise<void> => {
  const part = `${path}.part`;
  await writeFile(part, content);
  await rename(part, path);
};

const existing = async (path: string): Promise<Uint8Array | undefined> => {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Writes the bars of one symbol into a library. A history that stands there already is replaced by one
 * that begins with it and goes on, and by no other: a log may live on it. Answers what it wrote, or why not.
 */
export const writeBars = async (
  { into, calendar }: Pick<ImportOptions, 'into' | 'calendar'>,
  { symbol, content, verified }: Proven,
): Promise<'written' | 'same' | { readonly problem: string }> => {
  await mkdir(into, { recursive: true });
  const path = join(into, `${symbol}.csv`);
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const before = await existing(path);
  if (before !== undefined) {
    const kept = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(before.length, bytes.length));
    if (!kept.equals(before))
      return { problem: `${path} holds other bars: move it away, or import --into another folder` };
    if (before.length === bytes.length) return 'same';
  }
  await writeWhole(path, bytes);
  const { splits, stored } = verified;
  await keepColumns(into, bytes, { made: { splits, calendar }, stored });
  return 'written';
};

const withAdded = (before: Declared, added: ReadonlyMap<string, string>): Declared =>
  new Map([...before, ...added]);

/** Adds what the imported files declare to splits.csv and dividends.csv; unchanged files stay as they are. */
export const writeDeclarations = async (
  into: string,
  proven: readonly Pick<Proven, 'splits' | 'dividends'>[],
): Promise<void> => {
  const before = await readDeclarations(into);
  const splits = new Map(proven.flatMap((one) => [...one.splits]));
  const dividends = new Map(proven.flatMap((one) => [...one.dividends]));
  const files = [
    ['splits', splitsFile, splits],
    ['dividends', dividendsFile, dividends],
  ] as const;
  for (const [kind, file, added] of files) {
    const isNew = [...added].some(([key, value]) => before[kind].get(key) !== value);
    if (isNew)
      await writeWhole(join(into, file), declarationText(kind, withAdded(before[kind], added)));
  }
};
