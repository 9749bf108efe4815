import type { Findings } from '../findings.ts';
import type { ImportOptions } from '../options.ts';
import type { Row, Table } from '../reading/table.ts';
import { tickerFrom, tickerInName } from './symbols.ts';

type Naming = {
  readonly file: string;
  readonly options: ImportOptions;
  readonly findings: Findings;
};

/** The symbol that a row is of: its own word, the caller's, the source's, or the file's name. */
export const symbolReader = (
  { rows, says }: Table,
  { file, options, findings }: Naming,
  place: number | undefined,
) => {
  const wordOf = (row: Row): string =>
    place === undefined ? '' : (row.cells[place]?.trim() ?? '');
  const ofSource = says.symbol === undefined ? undefined : tickerFrom(says.symbol);
  const ofName = tickerInName(file);
  const words = new Set(rows.map(wordOf));
  const named = place !== undefined && [...words].every((word) => tickerFrom(word) !== undefined);
  // A file of several symbols is named after none of them.
  const nameCounts = words.size === 1;
  const fallback = options.symbol ?? ofSource ?? ofName;
  if (!named && fallback === undefined)
    findings.asked('symbol', 'its name and its columns tell no one ticker: say --symbol TICKER');
  else if (!named && options.symbol === undefined && ofSource === undefined)
    findings.told('symbol', `is of ${fallback}, by its name`);
  return (row: Row): string | undefined => {
    const own = named ? tickerFrom(wordOf(row)) : fallback;
    if (own === undefined && fallback !== undefined)
      findings.refused('symbol', `"${wordOf(row)}" is no ticker`, row.line);
    if (named && own !== undefined && options.symbol !== undefined && own !== options.symbol)
      findings.refused(
        'symbol',
        `is of ${own}, not of ${options.symbol} as --symbol says`,
        row.line,
      );
    else if (
      named &&
      own !== undefined &&
      nameCounts &&
      ofName !== undefined &&
      ofName !== own &&
      own !== options.symbol
    )
      findings.asked(
        'symbol',
        `is of ${own}, and its file is named after ${ofName}: say --symbol ${own}, or rename it`,
        row.line,
      );
    return own ?? fallback;
  };
};
