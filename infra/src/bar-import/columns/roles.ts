/** What a column of a source is to us. */
export type Role =
  | 'time'
  | 'date'
  | 'clock'
  | 'open'
  | 'high'
  | 'low'
  | 'close'
  | 'volume'
  | 'adjusted'
  | 'dividend'
  | 'split'
  | 'symbol'
  | 'period';

export const priceRoles = ['open', 'high', 'low', 'close'] as const;

/** Where the columns of a table are. */
export type Places = ReadonlyMap<Role, number>;

/** Names that exports give their columns, lower case and without punctuation, the likeliest first. */
const names: Readonly<Record<Role, readonly string[]>> = {
  time: [
    'timestamp',
    'datetime',
    'date time',
    'date_time',
    'time stamp',
    'gmt time',
    'local time',
    'ts_event',
    'window_start',
    'open_time',
    'open time',
    'opentime',
    'unix',
    'unix timestamp',
    'begins_at',
    't',
    'date utc',
    'datetime utc',
    'timestamp utc',
  ],
  date: ['date', 'day', 'dtyyyymmdd', 'trading day', 'datum', 'price date', 'trade date'],
  clock: ['time', 'hour', 'time of day'],
  open: ['open', 'o', 'first', 'open price', 'open usd', 'opening price'],
  high: ['high', 'h', 'max', 'high price', 'high usd'],
  low: ['low', 'l', 'min', 'low price', 'low usd'],
  close: ['close', 'c', 'close last', 'last', 'price', 'close price', 'closing price', 'close usd'],
  volume: [
    'volume',
    'vol',
    'v',
    'tickvol',
    'tick volume',
    'total volume',
    'quantity',
    'volume btc',
  ],
  adjusted: [
    'adj close',
    'adjclose',
    'adjusted close',
    'adjusted_close',
    'adj_close',
    'adj close price',
  ],
  dividend: [
    'dividends',
    'dividend',
    'dividend amount',
    'dividend_amount',
    'divcash',
    'ex dividend',
    'exdividend',
  ],
  split: [
    'stock splits',
    'splits',
    'split coefficient',
    'split_coefficient',
    'splitfactor',
    'split ratio',
    'split',
  ],
  symbol: ['symbol', 'ticker', 'act_symbol', 'name', 'instrument', 'code', 's'],
  period: ['per', 'period', 'timeframe', 'interval'],
};

const roles: readonly Role[] = [
  'time',
  'date',
  'clock',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'adjusted',
  'dividend',
  'split',
  'symbol',
  'period',
];

const isRole = (text: string): text is Role => roles.some((role) => role === text);

/** `<OPEN>`, `1. open`, `Adj. Close` and `Close/Last` in one form. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^\d+[a-z]?\.\s*/, '')
    .replace(/[<>"'.()[\]]/g, ' ')
    .replace(/[/:-]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

const placeOf = (header: readonly string[], role: Role): number | undefined => {
  for (const name of names[role]) {
    const place = header.indexOf(name);
    if (place !== -1) return place;
  }
  return undefined;
};

/** The columns that a header names; `time` alone is a full time where no date stands beside it. */
export const rolesOf = (header: readonly string[]): Map<Role, number> => {
  const named = header.map(plain);
  const places = new Map<Role, number>();
  for (const role of roles) {
    const place = placeOf(named, role);
    if (place !== undefined) places.set(role, place);
  }
  const clock = places.get('clock');
  if (clock !== undefined && !places.has('date')) {
    places.delete('clock');
    if (!places.has('time')) places.set('time', clock);
  }
  // An index column without a name holds the times.
  const first = named[0] ?? '';
  if (
    !places.has('time') &&
    !places.has('date') &&
    (first === '' || first === 'index' || first === 'price')
  )
    places.set('time', 0);
  if (places.get('close') === 0 && places.get('time') === 0) places.delete('close');
  return places;
};

/** Why a `--columns` cannot be followed. */
export type ColumnsProblem = { readonly problem: string };

/** The columns as `--columns` says them: by place, or by name over what the header says. */
export const rolesAsTold = (
  told: string,
  header: readonly string[] | undefined,
): Map<Role, number> | ColumnsProblem => {
  const places = told.includes('=') ? rolesOf(header ?? []) : new Map<Role, number>();
  for (const [place, item] of told.split(',').entries()) {
    const [left = '', name] = item.split('=').map((part) => part.trim().toLowerCase());
    if (left === '-' || left === '') continue;
    if (!isRole(left)) return { problem: `--columns names ${left}; there are ${roles.join(', ')}` };
    const found = name === undefined ? place : (header ?? []).indexOf(name);
    if (found === -1)
      return { problem: `--columns names a column ${name}, which the header lacks` };
    places.set(left, found);
  }
  return places;
};
