import {
  divide,
  type Money,
  money,
  type Price,
  type Quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Side } from '@sentinel/contracts/risk';

/** Names this table in the venue's terms; other rates or rules are another name. */
export const feeSchedule = 'us-equity-1';

/**
 * First day and rate in cents per million dollars sold, of the fee under Section 31 of the
 * Securities Exchange Act. Source: the SEC's Fee Rate Advisories for fiscal years 2002 to 2026
 * (sec.gov, "Fee Rate Advisories"), with FINRA's Information Notices that repeat them.
 */
const section31: readonly (readonly [from: string, centsPerMillion: bigint])[] = [
  ['2001-12-28', 1500n],
  ['2002-04-01', 3010n],
  ['2003-03-22', 2520n],
  ['2003-04-01', 4680n],
  ['2004-02-22', 3900n],
  ['2004-04-01', 2340n],
  ['2005-01-07', 3290n],
  ['2005-04-01', 4180n],
  ['2005-12-22', 3070n],
  ['2007-03-17', 1530n],
  ['2008-01-25', 1100n],
  ['2008-04-01', 560n],
  ['2009-04-10', 2570n],
  ['2010-01-15', 1270n],
  ['2010-04-01', 1690n],
  ['2011-01-21', 1920n],
  ['2012-02-21', 1800n],
  ['2012-04-01', 2240n],
  ['2013-05-25', 1740n],
  ['2014-03-18', 2210n],
  ['2015-02-14', 1840n],
  ['2016-02-16', 2180n],
  ['2017-07-04', 2310n],
  ['2018-05-22', 1300n],
  ['2019-04-16', 2070n],
  ['2020-02-18', 2210n],
  ['2021-02-25', 510n],
  ['2022-05-14', 2290n],
  ['2023-02-27', 800n],
  ['2024-05-22', 2780n],
  ['2025-05-14', 0n],
  ['2026-04-04', 2060n],
];

/**
 * First day, rate in micro-dollars per share sold and most in cents per trade, of FINRA's Trading
 * Activity Fee. Sources: NASD Notice to Members 04-84; FINRA Regulatory Notices 11-27, 12-06 and
 * 12-31; SR-FINRA-2020-032 (2022 to 2024); SR-FINRA-2024-019 (from 2026).
 */
const tradingActivity: readonly (readonly [from: string, perShare: bigint, mostCents: bigint])[] = [
  ['2004-11-01', 75n, 375n],
  ['2011-07-01', 90n, 450n],
  ['2012-03-01', 95n, 475n],
  ['2012-07-01', 119n, 595n],
  ['2022-01-01', 130n, 649n],
  ['2023-01-01', 145n, 727n],
  ['2024-01-01', 166n, 830n],
  ['2026-01-01', 195n, 979n],
  ['2027-01-01', 232n, 1161n],
];

/** The row in force on `date`; the first row before all of them, the last row after. */
const inForce = <Row extends readonly [from: string, ...rest: unknown[]]>(
  rows: readonly Row[],
  date: TradingDate,
): Row => (rows.findLast(([from]) => from <= date) ?? rows[0]) as Row;

const microPerCent = 10_000n;
/** Price times quantity counts in 1e-15 dollars, and the rate is cents for a million of them. */
const section31Scale = 10n ** 21n;
const perShareScale = 10n ** 9n * microPerCent;

type Trade = {
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  /** The exchange date of the trade. */
  readonly date: TradingDate;
};

const section31Cents = ({ quantity, price, date }: Trade): bigint =>
  divide(price * quantity * inForce(section31, date)[1], section31Scale, 'up');

const activityCents = ({ quantity, date }: Trade): bigint =>
  divide(quantity * inForce(tradingActivity, date)[1], perShareScale, 'up');

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/**
 * Fees of one execution under `us-equity-1`: no commission; on a sell the Section 31 fee and the
 * Trading Activity Fee of its date, each rounded up to the cent as brokers pass them on. A date
 * before the first row of a table is charged that row's rate (Section 31: 28 December 2001, Trading
 * Activity Fee: 1 November 2004), although older rates differed; one after the last row is charged
 * the last. The fee for the Consolidated Audit Trail is not in it.
 */
export const feesFor = (trade: Trade): Money => {
  if (trade.side === 'buy') return money.zero;
  const activity = least(activityCents(trade), inForce(tradingActivity, trade.date)[2]);
  return ((section31Cents(trade) + activity) * microPerCent) as Money;
};

/**
 * The most that an order can cost in fees when it fills in at most `fills` parts (default 20) at no
 * more than `price`. Each part rounds up by itself, so it may cost a cent more of each fee.
 */
export const estimateFees = (trade: Trade, fills = 20n): Money => {
  if (trade.side === 'buy') return money.zero;
  const [, rate] = inForce(section31, trade.date);
  const [, , most] = inForce(tradingActivity, trade.date);
  const roundings = fills - 1n;
  const section31Most = rate === 0n ? 0n : section31Cents(trade) + roundings;
  const activityMost = least(activityCents(trade) + roundings, most * fills);
  return ((section31Most + activityMost) * microPerCent) as Money;
};
