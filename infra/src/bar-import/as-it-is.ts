import { timeframeMinutes } from '@sentinel/contracts/market';
import { type BarFile, judgeClock, readBarFile, UnfitBars } from '../market-data/index.ts';
import { priceRoles, type Role, rolesOf } from './columns/roles.ts';
import { tickerInName } from './columns/symbols.ts';
import { type Declarations, splitsOf } from './declarations.ts';
import type { Findings } from './findings.ts';
import type { ImportOptions } from './options.ts';
import { verify } from './proof/verify.ts';
import type { Proven } from './prove-series.ts';
import type { Source } from './reading/sources.ts';
import { partedBy } from './reading/table.ts';

const mostHeaderBytes = 2_000;
/** Columns whose meaning is held against the prices, or that part what the strict reader takes whole. */
const telling: readonly Role[] = ['adjusted', 'dividend', 'split', 'symbol', 'clock', 'period'];

/**
 * The bytes under the strict reader's own names of columns: only the header is written anew. Undefined
 * for a table whose header says more than the strict reader would look at.
 */
const renamed = (bytes: Uint8Array): Uint8Array | undefined => {
  const end = bytes.indexOf(10);
  if (end < 0 || end > mostHeaderBytes) return undefined;
  const header = new TextDecoder().decode(bytes.subarray(0, end)).trim();
  const names = header.split(',').map((name) => name.replace(/^"|"$/g, '').trim().toLowerCase());
  const places = rolesOf(names);
  const needed = [...priceRoles, 'volume'] as const;
  const time = places.get('time') ?? places.get('date');
  const isPlain =
    time !== undefined &&
    needed.every((role) => places.has(role)) &&
    !telling.some((role) => places.has(role));
  if (!isPlain) return undefined;
  const isDate = /^"?\d{4}-\d{2}-\d{2}"?$/.test(
    new TextDecoder()
      .decode(bytes.subarray(end + 1, end + 200))
      .split(/[\r\n]/)[0]
      ?.split(',')
      [time]?.trim() ?? '',
  );
  const strict = names.map((_, place) => {
    if (place === time) return isDate ? 'date' : 'timestamp';
    return needed.find((role) => places.get(role) === place) ?? `other ${place}`;
  });
  if (strict.join() === names.join()) return bytes;
  return Buffer.concat([Buffer.from(`${strict.join()}\n`), bytes.subarray(end + 1)]);
};

const needsNothing = ({ zone, stamp, columns, scale, decimal }: ImportOptions): boolean =>
  [zone, stamp, columns, decimal].every((told) => told === undefined) && scale === 0;

const comma = 0x2c;
const otherDelimiters = [';', '\t', '|'] as const;

/**
 * The bytes parted by commas, and what parted them before. A table that has commas already is left as it
 * is: they may be points of decimals.
 */
const partedByCommas = (bytes: Uint8Array): readonly [Uint8Array, delimiter: string] => {
  const end = bytes.indexOf(10);
  const header = new TextDecoder().decode(bytes.subarray(0, Math.min(end, mostHeaderBytes)));
  const delimiter = otherDelimiters.find((each) => header.split(each).length > priceRoles.length);
  if (delimiter === undefined || bytes.includes(comma)) return [bytes, ','];
  const parting = delimiter.charCodeAt(0);
  const parted = bytes.map((byte) => (byte === parting ? comma : byte));
  return [parted, delimiter];
};

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
 * byte by byte, but for its header and what parts its fields. Undefined for any other, which is read the long way.
 */
export const asItIs = (
  source: Source,
  declared: Declarations,
  { options, findings }: { readonly options: ImportOptions; readonly findings: Findings },
): Proven | undefined => {
  const symbol = options.symbol ?? tickerInName(source.file);
  if (symbol === undefined || !needsNothing(options)) return undefined;
  const [bytes, delimiter] = partedByCommas(source.bytes);
  const content = renamed(bytes);
  if (content === undefined) return undefined;
  const file = `${symbol}.csv`;
  const known = provedFile(file, content);
  if (known === undefined) return undefined;
  const splits = splitsOf(declared.splits, symbol);
  const verified = verify({ file, content, splits, known }, { options, findings }, (line) => line);
  if (verified === undefined) return undefined;
  findings.proved('shape', 'is taken as it is');
  if (delimiter !== ',') findings.told('delimiter', partedBy(delimiter));
  if (content !== bytes) findings.told('header', 'its columns were renamed');
  return {
    symbol,
    content,
    verified,
    splits: new Map(),
    dividends: new Map(),
    dividendsAre: undefined,
  };
};
