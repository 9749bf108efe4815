import { price, quantity } from '@sentinel/contracts/kernel';
import { heldQuantity, workingShares } from '../account.ts';
import { expectedPrice } from '../reserve.ts';
import {
  type Check,
  type CheckInput,
  type Finding,
  measured,
  notApplicable,
  skipped,
} from './check.ts';

/** Symbols in which the house opens nothing (SEC 15c3-5(c)(2)(ii)). */
export const restricted: Check = {
  hard: true,
  unit: 'state',
  judgesReducing: false,
  find: ({ intent, limits }) => {
    if (limits.restricted === undefined)
      return notApplicable('The limits in force restrict no symbol.');
    const { symbols, notShortable } = limits.restricted;
    if (symbols.includes(intent.symbol))
      return measured(
        false,
        { value: 'restricted', limit: 'free' },
        `${intent.symbol} is on the restricted list.`,
      );
    const barred = intent.side === 'sell_short' && notShortable.includes(intent.symbol);
    return measured(
      !barred,
      { value: barred ? 'not shortable' : 'free', limit: 'free' },
      barred
        ? `${intent.symbol} is on the list of what is not sold short.`
        : `${intent.symbol} is on no restricted list.`,
    );
  },
};

/**
 * What the rules of the market ask before an order is sent (SEC 15c3-5(c)(2)(i)): that the symbol is
 * not halted, that the price lies within the limit-up and limit-down bands, and for a short sale a
 * locate (Reg SHO rule 203(b)).
 */
const preOrder = (locating: (input: CheckInput) => Finding): Check => ({
  hard: true,
  unit: 'state',
  judgesReducing: false,
  find: (input) => {
    const { intent, facts } = input;
    if (facts.quote === null)
      return skipped('Without a quote nothing is known of a halt.', 'trading');
    if (facts.quote.halted === true)
      return measured(
        false,
        { value: 'halted', limit: 'trading' },
        `The exchange has halted trading in ${intent.symbol}.`,
      );
    return outsideBands(input) ?? locating(input);
  },
});

const outsideBands = ({ intent, facts }: CheckInput): Finding | undefined => {
  const bands = facts.quote?.bands;
  const each = expectedPrice(intent, facts);
  if (bands === undefined || each === null) return undefined;
  const isOutside = intent.side === 'buy' ? each > bands.upper : each < bands.lower;
  if (!isOutside) return undefined;
  return measured(
    false,
    {
      value: price.format(each),
      limit: `${price.format(bands.lower)} to ${price.format(bands.upper)}`,
    },
    'The order would trade outside the limit-up and limit-down bands.',
  );
};

const locate = ({ intent, facts }: CheckInput): Finding => {
  if (intent.side !== 'sell_short')
    return measured(true, { value: 'trading', limit: 'trading' }, `${intent.symbol} is trading.`);
  if (facts.borrow === undefined || facts.borrow === null)
    return skipped(`Whether ${intent.symbol} can be borrowed is not known.`, 'located');
  const { available, annualFeeBps } = facts.borrow;
  return measured(
    intent.quantity <= available,
    { value: quantity.format(intent.quantity), limit: quantity.format(available) },
    `${quantity.format(available)} shares can be borrowed at ${annualFeeBps} bps a year.`,
  );
};

/** The same, with what is borrowed already and what works to be: a locate is of so many shares in all. */
const locateAll = (input: CheckInput): Finding => {
  const { intent, account } = input;
  if (intent.side !== 'sell_short') return locate(input);
  const held = heldQuantity(account, intent.symbol);
  const borrowed = held < 0n ? quantity.negate(held) : quantity.zero;
  const working = workingShares(account, intent.symbol, ['sell_short']);
  const all = quantity.add(quantity.add(borrowed, working), intent.quantity);
  return locate({ ...input, intent: { ...intent, quantity: all } });
};

export const regulatoryPreOrder: Check = preOrder(locate);
/** Since risk-5: of shares borrowed together. */
export const regulatoryPreOrderInAll: Check = preOrder(locateAll);
