import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importGroup, type Outcome } from './import-files.ts';
import { readOptions } from './options.ts';
import { dailySamples } from './samples/daily.ts';
import { intradaySamples } from './samples/intraday.ts';
import { dailyReference, intradayReference } from './samples/reference.ts';
import { propertyRuns } from './samples/test-property-runs.ts';

const options = readOptions(['x']);
const nothing = { splits: new Map<string, string>(), dividends: new Map<string, string>() };
const group = (file: string, bytes: Uint8Array): readonly Outcome[] =>
  importGroup([{ name: file, file, bytes }], nothing, options);

const daily = dailyReference(24);
const intraday = intradayReference(15).filter((_, i) => i % 80 < 40);
const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;
const files = [
  ...dailySamples.map(({ file, write }) => ({ file, bytes: bytesOf(write(daily)) })),
  ...intradaySamples.map(({ file, write, zone }) => ({
    file,
    bytes: bytesOf(write(intraday, zone ?? 'America/New_York')),
  })),
];

/** One thing that goes wrong with a file on its way, at a place from 0 to 1. */
type Mangling = { readonly at: number; readonly how: string; readonly with: string };

const mangling: fc.Arbitrary<Mangling> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  how: fc.constantFrom('drop', 'insert', 'replace', 'cut', 'twice', 'lose', 'swap'),
  with: fc.constantFrom(...'0123456789.,;-+eKM$"\n\r\t /:ZxN\u0000\u00e4'.split('')),
});

const mangle = (text: string, { at, how, with: piece }: Mangling): string => {
  const place = Math.floor(at * text.length);
  const lines = text.split('\n');
  const line = Math.floor(at * lines.length);
  if (how === 'drop') return text.slice(0, place) + text.slice(place + 1);
  if (how === 'insert') return text.slice(0, place) + piece + text.slice(place);
  if (how === 'replace') return text.slice(0, place) + piece + text.slice(place + 1);
  if (how === 'cut') return text.slice(0, place);
  if (how === 'twice') return lines.toSpliced(line, 0, lines[line] ?? '').join('\n');
  if (how === 'lose') return lines.toSpliced(line, 1).join('\n');
  const [moved = ''] = lines.splice(line, 1);
  return lines.toSpliced(Math.floor((at * 7_919) % lines.length), 0, moved).join('\n');
};

const manglings = fc.array(mangling, { minLength: 1, maxLength: 6 });

test('no mangled file crashes the import, in any format', () => {
  fc.assert(
    fc.property(fc.constantFrom(...files), manglings, ({ file, bytes }, all) => {
      const text = all.reduce(mangle, new TextDecoder('latin1').decode(bytes));
      const outcomes = group(file, Buffer.from(text, 'latin1'));
      for (const { proven, findings } of outcomes)
        expect(proven !== undefined || findings.some(({ is }) => is !== 'told')).toBe(true);
    }),
    { numRuns: propertyRuns(300) },
  );
});

test('nor do bytes at random', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom('AAPL.csv', 'AAPL.json'),
      (bytes, file) => {
        expect(group(file, bytes).every(({ proven }) => proven === undefined)).toBe(true);
      },
    ),
    { numRuns: propertyRuns(300) },
  );
});

/** A cell's worth as anybody would read it: another way than the import's own. */
const worth = (cell: string): number => {
  const bare = cell
    .trim()
    .replace(/^"|"$/g, '')
    .replace(/^([+-]?)\$/, '$1')
    .replace(/\$$/, '')
    .trim();
  const unit = { k: 1e3, m: 1e6, b: 1e9, t: 1e12 }[bare.slice(-1).toLowerCase()] ?? 1;
  const digits = (unit === 1 ? bare : bare.slice(0, -1)).replace(/\s(?=\d{3})/g, '');
  return digits.trim() === '' ? Number.NaN : Number(digits.replace(/,(?=\d{3})/g, '')) * unit;
};

const yahoo = dailySamples.find(({ vendor }) => vendor === 'Stooq, web');

test('no price of a mangled file is changed without a word', () => {
  const text = yahoo?.write(daily);
  if (typeof text !== 'string') throw new Error('the sample is text');
  let taken = 0;
  fc.assert(
    fc.property(manglings, (all) => {
      const broken = all.reduce(mangle, text);
      const sourceLines = broken
        .split(/\r\n|\n|\r/)
        .map((line) => line.split(',').map((cell) => cell.trim()));
      for (const { proven } of group('AAPL.csv', Buffer.from(broken))) {
        if (proven === undefined) continue;
        taken++;
        const rows = Buffer.from(proven.content)
          .toString()
          .replaceAll('\r', '\n')
          .split('\n')
          .slice(1);
        for (const row of rows.filter((line) => line.trim() !== '')) {
          const [date = '', ...figures] = row
            .split(',')
            .map((cell) => cell.trim().replace(/^"|"$/g, ''));
          const sources = sourceLines.filter(([cell = '']) =>
            cell
              .replace(/^"|"$/g, '')
              .replaceAll(/[ /.]/g, '-')
              .replaceAll(/-(?=\d(-|$))/g, '-0')
              .includes(date.slice(5)),
          );
          const isThere = sources.some((cells) => {
            const worths = cells.slice(1).map(worth);
            return figures
              .slice(0, 4)
              .every(
                (figure, i) =>
                  Math.abs((worths[i] ?? Number.NaN) - Number(figure)) <=
                  1e-9 * Math.abs(Number(figure)),
              );
          });
          if (!isThere) throw new Error(`${row} is in no line of\n${broken}`);
        }
      }
    }),
    { numRuns: propertyRuns(500) },
  );
  expect(taken).toBeGreaterThan(0);
});
