/** What the mock market says of a company or fund; `price` in dollars, `volume` in shares a day. */
export type Profile = {
  readonly name: string;
  readonly sector: string | null;
  readonly price: number;
  readonly volume: number;
  /** How much of the whole market's daily move the share takes part in. */
  readonly beta: number;
  /** Standard deviation of its own daily move, as a fraction. */
  readonly sigma: number;
};

type Row = readonly [
  name: string,
  sector: string | null,
  price: number,
  millions: number,
  beta: number,
  sigmaPct: number,
];

const rows: Readonly<Record<string, Row>> = {
  SPY: ['SPDR S&P 500 ETF Trust', null, 580, 70, 1, 0.1],
  QQQ: ['Invesco QQQ Trust', null, 490, 38, 1.1, 0.4],
  IWM: ['iShares Russell 2000 ETF', null, 225, 28, 1.1, 0.6],
  DIA: ['SPDR Dow Jones Industrial Average ETF', null, 425, 4, 0.9, 0.3],
  NVDA: ['NVIDIA Corporation', 'Technology', 120, 240, 1.2, 0.95],
  MSFT: ['Microsoft Corporation', 'Technology', 415, 21, 1, 0.8],
  AAPL: ['Apple Inc.', 'Technology', 225, 52, 1, 0.85],
  AVGO: ['Broadcom Inc.', 'Technology', 172, 26, 1.2, 0.9],
  AMD: ['Advanced Micro Devices, Inc.', 'Technology', 150, 45, 1.2, 1],
  ORCL: ['Oracle Corporation', 'Technology', 170, 9, 1, 0.9],
  CRM: ['Salesforce, Inc.', 'Technology', 285, 6, 1, 0.9],
  INTC: ['Intel Corporation', 'Technology', 23, 70, 1.1, 1],
  CSCO: ['Cisco Systems, Inc.', 'Technology', 55, 18, 0.9, 0.7],
  GOOGL: ['Alphabet Inc. Class A', 'Communication Services', 168, 28, 1, 0.9],
  META: ['Meta Platforms, Inc.', 'Communication Services', 575, 13, 1.1, 0.95],
  NFLX: ['Netflix, Inc.', 'Communication Services', 72, 35, 1, 1],
  DIS: ['The Walt Disney Company', 'Communication Services', 96, 10, 0.9, 0.8],
  AMZN: ['Amazon.com, Inc.', 'Consumer Discretionary', 190, 40, 1.1, 0.9],
  TSLA: ['Tesla, Inc.', 'Consumer Discretionary', 245, 90, 1.2, 1.05],
  HD: ['The Home Depot, Inc.', 'Consumer Discretionary', 400, 3.5, 0.9, 0.7],
  MCD: ["McDonald's Corporation", 'Consumer Discretionary', 295, 3.2, 0.7, 0.6],
  WMT: ['Walmart Inc.', 'Consumer Staples', 81, 16, 0.7, 0.6],
  KO: ['The Coca-Cola Company', 'Consumer Staples', 70, 14, 0.5, 0.55],
  PG: ['The Procter & Gamble Company', 'Consumer Staples', 170, 7, 0.5, 0.55],
  COST: ['Costco Wholesale Corporation', 'Consumer Staples', 890, 2, 0.8, 0.7],
  JPM: ['JPMorgan Chase & Co.', 'Financials', 222, 9, 1, 0.75],
  BAC: ['Bank of America Corporation', 'Financials', 42, 36, 1, 0.8],
  V: ['Visa Inc. Class A', 'Financials', 285, 6.5, 0.8, 0.65],
  'BRK.B': ['Berkshire Hathaway Inc. Class B', 'Financials', 460, 3.5, 0.8, 0.5],
  UNH: ['UnitedHealth Group Incorporated', 'Health Care', 570, 3.6, 0.7, 0.8],
  JNJ: ['Johnson & Johnson', 'Health Care', 162, 7, 0.5, 0.55],
  XOM: ['Exxon Mobil Corporation', 'Energy', 118, 15, 0.8, 0.85],
  CAT: ['Caterpillar Inc.', 'Industrials', 385, 3, 1, 0.8],
  BA: ['The Boeing Company', 'Industrials', 155, 9, 1, 1],
};

/**
 * The usual tickers at prices after their splits. Their moves are kept such that the daily true
 * range stays under the 2.5 % at which a regime counts as unstable.
 */
export const universe: ReadonlyMap<string, Profile> = new Map(
  Object.entries(rows).map(([symbol, [name, sector, price, millions, beta, sigmaPct]]) => [
    symbol,
    { name, sector, price, volume: millions * 1e6, beta, sigma: sigmaPct / 100 },
  ]),
);
