/** Words that mean an argument which is called otherwise here. */
const synonyms: Readonly<Record<string, string>> = {
  quantity: 'qty',
  shares: 'qty',
  amount: 'qty',
  ticker: 'symbol',
  tickers: 'symbols',
  type: 'order_type',
  price: 'limit_price',
  limit: 'limit_price',
  stop: 'stop_price',
  tif: 'time_in_force',
  from: 'start',
  to: 'end',
  since: 'start',
  until: 'end',
  interval: 'timeframe',
  account: 'account_id',
  id: 'order_id',
  strategy: 'strategy_id',
  strategy_id: 'strategy',
};

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** How many letters have to be put in, taken out or changed to make one of the other. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const changed = (row[j] ?? 0) + (letter === other[j] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

const longestName = 40;

/** The name that was probably meant; undefined when none is near. */
export const nearest = (given: string, names: readonly string[]): string | undefined => {
  if (given.length > longestName) return undefined;
  const meant = synonyms[given.toLowerCase()];
  if (meant !== undefined && names.includes(meant)) return meant;
  const [best] = names
    .map((name) => ({ name, far: distance(plain(given), plain(name)) }))
    .sort((a, b) => a.far - b.far);
  const most = Math.max(1, Math.floor(given.length / 3));
  return best !== undefined && best.far <= most ? best.name : undefined;
};
