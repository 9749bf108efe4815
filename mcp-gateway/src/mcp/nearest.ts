import { editDistance } from '@sentinel/infra/runtime';

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

const longestName = 40;

/** The name that was probably meant; undefined when none is near. */
export const nearest = (given: string, names: readonly string[]): string | undefined => {
  if (given.length > longestName) return undefined;
  const meant = synonyms[given.toLowerCase()];
  if (meant !== undefined && names.includes(meant)) return meant;
  const [best] = names
    .map((name) => ({ name, far: editDistance(plain(given), plain(name)) }))
    .sort((a, b) => a.far - b.far);
  const most = Math.max(1, Math.floor(given.length / 3));
  return best !== undefined && best.far <= most ? best.name : undefined;
};
