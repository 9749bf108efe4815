import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dividendsFile, readSplits, type Splits, splitsFile } from '../market-data/index.ts';

/** Lines of splits.csv or dividends.csv: the value by symbol and date, in the order they came. */
export type Declared = Map<string, string>;

export type Declarations = { readonly splits: Declared; readonly dividends: Declared };

const headers = { splits: 'symbol,date,ratio', dividends: 'symbol,date,amount' } as const;

export const isDeclaration = (file: string): boolean =>
  file === splitsFile || file === dividendsFile;

/** The lines of a table of declarations; its columns may stand in any order. */
const linesOf = (text: string, value: 'ratio' | 'amount'): Declared => {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const names = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const cell = (cells: readonly string[], name: string) => cells[names.indexOf(name)]?.trim() ?? '';
  return new Map(
    lines.flatMap((line) => {
      const cells = line.split(',');
      const symbol = cell(cells, 'symbol').toUpperCase();
      return symbol === ''
        ? []
        : [[`${symbol},${cell(cells, 'date')}`, cell(cells, value)] as const];
    }),
  );
};

/** What a file of declarations adds. */
export const addDeclarations = (into: Declarations, file: string, text: string): void => {
  const isSplits = file === splitsFile;
  const target = isSplits ? into.splits : into.dividends;
  for (const [key, value] of linesOf(text, isSplits ? 'ratio' : 'amount')) target.set(key, value);
};

/** What stands beside the bars of a library; nothing where it has no such file. */
export const readDeclarations = async (directory: string): Promise<Declarations> => {
  const declared: Declarations = { splits: new Map(), dividends: new Map() };
  for (const file of [splitsFile, dividendsFile]) {
    try {
      addDeclarations(declared, file, await readFile(join(directory, file), 'utf8'));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return declared;
};

export const declarationText = (kind: keyof Declarations, lines: Declared): string =>
  `${[headers[kind], ...[...lines].map(([key, value]) => `${key},${value}`)].join('\n')}\n`;

/** The splits of one symbol, as the provider reads them. @throws UnfitBars */
export const splitsOf = (declared: Declared, symbol: string): Splits => {
  const own = new Map([...declared].filter(([key]) => key.startsWith(`${symbol},`)));
  return readSplits(declarationText('splits', own), new Set([symbol]));
};
