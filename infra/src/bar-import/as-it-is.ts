import { timeframeMinutes } from '@sentinel/contracts/market';
import { type BarFile, judgeClock, readBarFile, UnfitBars } from '../market-data/index.ts';
import { tickerInName } from './columns/symbols.ts';
import { type Declarations, splitsOf } from './declarations.ts';
import type { Findings } from './findings.ts';
import type { ImportOptions } from './options.ts';
import { verify } from './proof/verify.ts';
import type { Proven } from './prove-series.ts';
import type { Source } from './reading/sources.ts';

const strictHeader =
  /^(\uFEFF)?"?(date|timestamp)"?,"?open"?,"?high"?,"?low"?,"?close"?,"?volume"?\s*$/i;

const needsNothing = ({ zone, stamp, symbol, columns, scale, decimal }: ImportOptions): boolean =>
  [zone, stamp, symbol, columns, decimal].every((told) => told === undefined) && scale === 0;

/** The file, when the strict reader takes it and its volumes prove its clock. */
const provedFile = (file: string, bytes: Uint8Array): BarFile | undefined => {
  try {
    const read = readBarFile(file, bytes);
    const { timeframe, bars, saysZone } = read;
    if (timeframe === '1Day') return read;
    const verdict = judgeClock(bars, timeframeMinutes[timeframe], saysZone);
    return verdict.is === 'proved' ? read : undefined;
  } catch (error) {
    if (error instanceof UnfitBars) return undefined;
    throw error;
  }
};

/**
 * A file that the strict provider would take as it is, and whose clock its volumes prove: it is copied
 * byte by byte. Undefined for any other, which is read the long way.
 */
export const asItIs = (
  source: Source,
  declared: Declarations,
  { options, findings }: { readonly options: ImportOptions; readonly findings: Findings },
): Proven | undefined => {
  const symbol = tickerInName(source.file);
  const end = source.bytes.indexOf(10);
  const header = new TextDecoder().decode(
    source.bytes.subarray(0, Math.min(200, Math.max(0, end))),
  );
  if (symbol === undefined || !needsNothing(options) || !strictHeader.test(header))
    return undefined;
  const file = `${symbol}.csv`;
  const known = provedFile(file, source.bytes);
  if (known === undefined) return undefined;
  const splits = splitsOf(declared.splits, symbol);
  const verified = verify(
    { file, content: source.bytes, splits, known },
    { options, findings },
    (line) => line,
  );
  if (verified === undefined) return undefined;
  findings.proved('shape', 'is taken as it is');
  return {
    symbol,
    content: source.bytes,
    verified,
    splits: new Map(),
    dividends: new Map(),
    dividendsAre: undefined,
  };
};
