import type { Comparison, Differences } from '@sentinel/projections';

const counted = (count: number, what: string): string =>
  `${count} row${count === 1 ? '' : 's'} ${what}`;

/** What differs, in one sentence: how many rows, in which fields, and the first keys. */
export const differencesInWords = ({
  keys,
  onlyBefore,
  onlyNow,
  differing,
  columns,
}: Differences): string => {
  const fields = columns.map(({ column, rows, is }) => `${column} (${is}, ${rows})`);
  const parts = [
    ...(onlyBefore > 0 ? [counted(onlyBefore, 'served before alone')] : []),
    ...(onlyNow > 0 ? [counted(onlyNow, 'built alone')] : []),
    ...(differing > 0 ? [counted(differing, `differing in ${fields.join(', ')}`)] : []),
  ];
  return `${parts.join('; ')}; first keys: ${keys.join(', ')}`;
};

/** How a comparison came out, with what differs. */
export const resultInWords = (comparison: Comparison): string =>
  'differences' in comparison
    ? `${comparison.result}: ${differencesInWords(comparison.differences)}`
    : comparison.result;
