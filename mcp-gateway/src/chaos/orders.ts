/** One call of execution.paper_order. The key and the arguments belong together for good. */
export type OrderCall = {
  readonly key: string;
  readonly arguments: Readonly<Record<string, string>>;
};

const symbols = [
  'SPY QQQ IWM DIA NVDA MSFT AAPL AVGO AMD ORCL CRM INTC CSCO GOOGL META NFLX DIS AMZN TSLA HD',
  'MCD WMT KO PG COST JPM BAC V BRK.B UNH JNJ XOM CAT BA',
].flatMap((line) => line.split(' '));

const thousand = 1_000;
/** Steps through thousandths of a share so that 8,999 orders of a symbol are all of another size. */
const stride = 37;
const sizes = 8_999;

const sharesOf = (thousandths: number): string =>
  `${Math.floor(thousandths / thousand)}.${`${thousandths % thousand}`.padStart(3, '0')}`;

/**
 * The n-th order of a run, from 0: mostly buys at the market; every fourth sells a little, every
 * twentieth rests far below the market until it is canceled. None repeats another.
 */
export const orderCall = (n: number): OrderCall => {
  const symbol = symbols[n % symbols.length] as string;
  const step = (Math.floor(n / symbols.length) * stride) % sizes;
  const sells = n % 4 === 3;
  const rests = n % 20 === 5;
  return {
    key: `chaos-${n}`,
    arguments: {
      symbol,
      side: sells ? 'sell' : 'buy',
      qty: sharesOf(sells ? 1 + (step % thousand) : thousand + step),
      order_type: rests ? 'limit' : 'market',
      ...(rests && { limit_price: '5.00', time_in_force: 'gtc' }),
      idempotency_key: `chaos-${n}`,
    },
  };
};
