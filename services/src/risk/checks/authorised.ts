import { isBefore, type Money, money } from '@sentinel/contracts/kernel';
import type { RiskFacts } from '@sentinel/contracts/risk';
import { worthOf } from '../reserve.ts';
import {
  type Check,
  type CheckInput,
  type Finding,
  measured,
  notApplicable,
  skipped,
} from './check.ts';

type Granted = NonNullable<RiskFacts['grant']>;

const refuses = (value: string, limit: string, message: string): Finding =>
  measured(false, { value, limit }, message);

/** Why the grant allows its client no such order at all, whatever its value; undefined where it does. */
const outside = (
  { grant, version, standing, asks, at }: Granted,
  { intent }: CheckInput,
): Finding | undefined => {
  const { abilities, symbols, expiresAt, client } = grant;
  if (standing === 'revoked')
    return refuses('revoked', 'in_force', `The grant of ${client.name} was revoked.`);
  if (expiresAt !== null && !isBefore(at, expiresAt))
    return refuses('expired', 'in_force', `The grant of ${client.name} ended at ${expiresAt}.`);
  if (!abilities.includes(asks))
    return refuses(
      abilities.join(' '),
      asks,
      `The grant of ${client.name}, version ${version}, does not let it ${asks}.`,
    );
  if (symbols !== null && !symbols.includes(intent.symbol))
    return refuses(
      intent.symbol,
      symbols.join(' '),
      `The grant of ${client.name} does not cover ${intent.symbol}.`,
    );
  return undefined;
};

/** One figure in dollars against what the grant allows of it. */
const inDollars = (
  { value, limit }: { readonly value: Money; readonly limit: Money },
  of: string,
): Finding => ({
  ...measured(
    value <= limit,
    { value: money.format(value), limit: money.format(limit) },
    `${of} is worth ${money.format(value)} dollars, where the grant allows ${money.format(limit)}.`,
  ),
  unit: 'usd',
});

/** The order by itself first, then with all that its client has placed in the session. */
const withinValues = ({ grant }: Granted, input: CheckInput): Finding => {
  const { maxOrderValue: perOrder, maxDayValue: perDay } = grant;
  const covered = measured(
    true,
    { value: 'in_force', limit: 'in_force' },
    `The grant of ${grant.client.name} covers it.`,
  );
  if (input.reducing || (perOrder === null && perDay === null)) return covered;
  const value = worthOf(input.intent, input.facts);
  if (value === null) return skipped('The order cannot be priced without a quote.');
  if (perDay === null || (perOrder !== null && value > perOrder))
    return inDollars({ value, limit: perOrder as Money }, 'The order');
  const today = money.add(input.account.grantedToday ?? money.zero, value);
  return inDollars({ value: today, limit: perDay }, 'All that it has placed today, with this,');
};

/**
 * What the client's grant allows, as it was recorded. It is asked of exits too: whoever has been shut out
 * places nothing at all, and a human can always get out. Only the values of the grant pass them by.
 */
export const authorised: Check = {
  hard: true,
  unit: 'state',
  judgesReducing: true,
  find: (input) => {
    const { grant } = input.facts;
    if (grant === undefined) return notApplicable('Whoever asks needs no grant.');
    if (grant === null) return skipped('The client has no grant, and may do nothing without one.');
    return outside(grant, input) ?? withinValues(grant, input);
  },
};
