import { divide, type Money, money } from '../kernel/index.ts';

const bpsOfAll = 10_000n;

type Standing = {
  readonly cash: Money;
  /** What working orders set aside. */
  readonly reserved: Money;
  /** Cash and positions at their marks. */
  readonly equity: Money;
  /** Market value of what is held and of what is owed, without sign. */
  readonly gross: Money;
  /** The share of its value that a position brings when it is opened; null in an account without margin. */
  readonly initialBps: number | null;
};

/**
 * The largest value, in dollars and never below zero, that an order which opens a position may have now:
 * up to it CREDIT_THRESHOLD lets the order pass. A cash account has its cash less what working orders set
 * aside. A margin account has its excess over Regulation T's initial requirement (12 CFR 220.12: half of
 * the market value of long and of short positions, working orders counted as filled), divided by that
 * same half: twice the excess. A short sale brings cash in and no equity, so it lowers it as a buy does.
 */
export const buyingPower = ({ cash, reserved, equity, gross, initialBps }: Standing): Money => {
  const free =
    initialBps === null
      ? money.subtract(cash, reserved)
      : excessValue(equity, money.add(gross, reserved), BigInt(initialBps));
  return money.max(free, money.zero);
};

const excessValue = (equity: Money, exposed: Money, initialBps: bigint): Money => {
  const excess = money.subtract(equity, money.atBps(exposed, initialBps, 'up'));
  return initialBps === 0n ? excess : (divide(excess * bpsOfAll, initialBps, 'down') as Money);
};
