import { money, notional } from '@sentinel/contracts/kernel';
import { expectedPrice } from '../reserve.ts';
import { type Check, measured, needsHuman, notApplicable, skipped } from './check.ts';

/**
 * Whether a human must be asked about the order: where its caller wants that, or where it opens something
 * above the value in the limits. Once a human has said yes to exactly this, it passes. An order that can
 * only shrink a position is held up by no threshold: getting out comes first.
 */
export const humanApproval: Check = {
  hard: true,
  unit: 'usd',
  judgesReducing: true,
  find: ({ intent, facts, limits, reducing }) => {
    const { human } = facts;
    const threshold = limits.approval?.aboveValue;
    const limit = threshold === undefined ? 'none' : money.format(threshold);
    const each = expectedPrice(intent, facts);
    const worth = each === null ? null : notional(each, intent.quantity, 'up');
    const value = worth === null ? 'unknown' : money.format(worth);
    if (human !== undefined && human.approval !== null)
      return measured(true, { value, limit }, `${human.approval.approvedBy} said yes to it.`);
    if (human?.wanted === true)
      return needsHuman({ value, limit }, 'The caller wants a human to decide.');
    if (threshold === undefined) return notApplicable('The limits in force ask no human.');
    if (reducing) return notApplicable('The order can only shrink a position.');
    if (worth === null) return skipped('The order cannot be priced without a quote.', limit);
    return worth > threshold
      ? needsHuman(
          { value, limit },
          `Above ${limit} dollars a human decides; it is worth ${value}.`,
        )
      : measured(true, { value, limit }, `Up to ${limit} dollars nobody is asked.`);
  },
};
