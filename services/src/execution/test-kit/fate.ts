import type { SessionEvent } from '../session/index.ts';
import type { Lived } from './lived-sessions.ts';

/** What an event says of the market and of money, without ids. */
const tellingOf = ({ type, data }: SessionEvent) => [
  type,
  ...('at' in data ? [`${data.at}`] : []),
  ...('symbol' in data ? [data.symbol] : []),
  ...('lastPrice' in data ? [data.side, data.lastPrice, data.lastQuantity] : []),
  ...('stopAt' in data ? [data.stopAt] : []),
  ...('reservedCash' in data ? [data.reservedCash] : []),
  ...('cash' in data ? [data.cash] : []),
  ...('equity' in data ? [data.equity, data.marks.map(({ at, price: of }) => [`${at}`, of])] : []),
];

/** What became of every session, to be compared between ways of living through it. */
export const fateOf = ({ sessions }: Lived) =>
  sessions.map((events) => events.filter(({ type }) => type !== 'RiskAssessed').map(tellingOf));
