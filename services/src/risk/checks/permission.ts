import { type Price, price, quantity } from '@sentinel/contracts/kernel';
import type { RiskLimits } from '@sentinel/contracts/risk';
import type { StrategyState } from '@sentinel/contracts/strategy';
import { sellableQuantity } from '../account.ts';
import { type Check, type Finding, measured, notApplicable, skipped } from './check.ts';

export const killState: Check = {
  hard: true,
  unit: 'state',
  // A halt stops new risk; what shrinks a position may always leave (FIA 2015 §1.11).
  judgesReducing: false,
  find: ({ intent, account }) => {
    const halt = account.halts.find(
      ({ scope, target }) =>
        scope === 'global' ||
        scope === 'account' ||
        (scope === 'strategy' && target === intent.strategyId) ||
        (scope === 'symbol' && target === intent.symbol),
    );
    return halt === undefined
      ? measured(true, { value: 'ACTIVE', limit: 'ACTIVE' }, 'No halt covers this order.')
      : measured(
          false,
          { value: 'REDUCING', limit: 'ACTIVE' },
          `A ${halt.scope} halt${halt.target === null ? '' : ` on ${halt.target}`} is in force (${halt.haltId}).`,
        );
  },
};

const tradableStates: ReadonlySet<StrategyState | string> = new Set([
  'paper',
  'paper_approved',
  'live',
  'live_approved',
]);

export const strategyState: Check = {
  hard: true,
  unit: 'state',
  judgesReducing: false,
  find: ({ intent, facts }) => {
    if (intent.strategyId === null) return notApplicable('The order names no strategy.');
    if (facts.strategy === null)
      return skipped(`Nothing is known of strategy ${intent.strategyId}.`, 'paper');
    return measured(
      tradableStates.has(facts.strategy.state),
      { value: facts.strategy.state, limit: 'paper' },
      `Strategy ${intent.strategyId} is in state ${facts.strategy.state}.`,
    );
  },
};

export const unresolvedOrder: Check = {
  hard: true,
  unit: 'count',
  judgesReducing: false,
  find: ({ intent, account }) => {
    const open = account.reservations.filter(
      (each) => each.unresolved && each.symbol === intent.symbol,
    ).length;
    return measured(
      open === 0,
      { value: `${open}`, limit: '0' },
      `${open} order(s) in ${intent.symbol} have an unknown outcome.`,
    );
  },
};

export const shortSale: Check = {
  hard: true,
  unit: 'shares',
  judgesReducing: true,
  find: ({ intent, limits, account }) => {
    if (intent.side === 'buy') return notApplicable('A buy sells nothing short.');
    if (intent.side === 'sell_short') return marked(limits);
    const sellable = sellableQuantity(account, intent.symbol);
    return measured(
      intent.quantity <= sellable,
      { value: quantity.format(intent.quantity), limit: quantity.format(sellable) },
      `${quantity.format(sellable)} shares can be sold; a plain sell never goes short.`,
    );
  },
};

/** An order that is marked as a short sale needs an account that may sell short. */
const marked = ({ margin }: RiskLimits): Finding =>
  measured(
    margin !== undefined,
    { value: '0', limit: '0' },
    margin === undefined
      ? 'Selling short is not offered on this account.'
      : 'The order is marked as a short sale.',
  );

export const tickSize: Check = {
  hard: true,
  unit: 'usd/share',
  judgesReducing: true,
  find: ({ intent }) => {
    const prices = [intent.limitPrice, intent.triggerPrice, ...Object.values(intent.exits ?? {})];
    const given = prices.filter((each): each is Price => each !== null && each !== undefined);
    const worst = given.find((each) => !price.isOnTick(each)) ?? given[0];
    if (worst === undefined) return notApplicable('The order has no limit price.');
    const tick = price.tickOf(worst) as Price;
    return measured(
      price.isOnTick(worst),
      { value: price.format(worst), limit: price.format(tick) },
      `A price of this size moves in steps of ${price.format(tick)} dollars.`,
    );
  },
};
