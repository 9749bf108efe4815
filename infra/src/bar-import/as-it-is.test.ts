import { expect, test } from 'vitest';
import { asItIs } from './as-it-is.ts';
import { findingsOf } from './findings.ts';
import { importGroup } from './import-files.ts';
import { readOptions } from './options.ts';
import { dailyReference } from './samples/reference.ts';

const declared = { splits: new Map(), dividends: new Map() };
const bars = dailyReference();
const tableOf = (delimiter: string, header = 'date,open,high,low,close,volume'): string =>
  [
    header,
    ...bars.map(({ date, open, high, low, close, volume }) =>
      [date, open, high, low, close, volume].join(','),
    ),
  ]
    .map((line) => line.replaceAll(',', delimiter))
    .join('\n');
const read = (text: string, file = 'AAPL.csv', ...flags: readonly string[]) => {
  const source = { name: file, file, bytes: new TextEncoder().encode(text) };
  const options = readOptions([file, '--into', 'bars', ...flags]);
  const findings = findingsOf(file);
  const proven = asItIs(source, declared, { options, findings });
  return {
    text: proven && Buffer.from(proven.content as Uint8Array).toString(),
    symbol: proven?.symbol,
    told: findings.list().map((finding) => finding.text),
    outcome: importGroup([source], declared, options)[0],
  };
};

test.each([
  [';', 'parted by ;'],
  ['\t', 'parted by tabs'],
  ['|', 'parted by |'],
])('a table parted by %j is the one parted by commas, and told', (delimiter, told) => {
  const other = read(tableOf(delimiter));
  expect(other.text).toBe(tableOf(','));
  expect(other.told).toContain(told);
});

test('the caller says of whom a file is that is named after nobody', () => {
  expect(read(tableOf(','), 'export-2026.csv').text).toBeUndefined();
  expect(read(tableOf(','), 'export-2026.csv', '--symbol', 'AAPL').symbol).toBe('AAPL');
});

test('figures with commas are never taken for fields', () => {
  const german = tableOf(';').replaceAll('.', ',');
  expect(german).toContain(',');
  expect(read(german).text).toBeUndefined();
  const { outcome } = read(german, 'AAPL.csv', '--decimal', 'comma');
  expect(outcome?.findings.map(({ text }) => text)).toContain('parted by ;');
  expect(`${outcome?.proven?.content}`.trim()).toBe(tableOf(','));
});

test('a delimiter inside quotation marks is not taken for one', () => {
  const lines = tableOf(';', 'date,open,high,low,close,volume,note').split('\n');
  const noted = lines.map((line, i) => (i === 0 ? line : `${line};"a;b"`)).join('\n');
  expect(read(noted).text).toBeUndefined();
});
