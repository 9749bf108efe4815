import { quantity } from '@sentinel/contracts/kernel';
import { coverableQuantity, heldQuantity, workingShares } from '../account.ts';
import { type Check, type CheckInput, type Finding, measured, notApplicable } from './check.ts';

/**
 * An order opens a position or closes one, and never both: it does not turn one into its opposite, not
 * even together with what already works on the other side.
 */
export const positionSide: Check = {
  hard: true,
  unit: 'shares',
  judgesReducing: true,
  find: (input) => {
    switch (input.intent.side) {
      case 'sell':
        return notApplicable('SHORT_SALE judges what a sale may take.');
      case 'sell_short':
        return opensShort(input);
      case 'buy':
        return heldQuantity(input.account, input.intent.symbol) < 0n
          ? covers(input)
          : opensLong(input);
    }
  },
};

const opensShort = ({ intent, account }: CheckInput): Finding => {
  const held = heldQuantity(account, intent.symbol);
  const buying = workingShares(account, intent.symbol, ['buy']);
  const long = quantity.add(held, buying);
  return measured(
    long <= 0n,
    { value: quantity.format(long), limit: '0' },
    long > 0n
      ? `${quantity.format(long)} shares are held or being bought: sell them, or cancel, before selling short.`
      : 'Nothing is held or being bought that a short sale would meet.',
  );
};

const opensLong = ({ intent, account }: CheckInput): Finding => {
  const shorting = workingShares(account, intent.symbol, ['sell_short']);
  if (shorting === 0n) return notApplicable('No shares are owed or being sold short.');
  return measured(
    false,
    { value: quantity.format(shorting), limit: '0' },
    `${quantity.format(shorting)} shares are being sold short: cancel that order before buying.`,
  );
};

const covers = ({ intent, account }: CheckInput): Finding => {
  const most = coverableQuantity(account, intent.symbol);
  return measured(
    intent.quantity <= most,
    { value: quantity.format(intent.quantity), limit: quantity.format(most) },
    `${quantity.format(most)} shares are owed and not being bought back: buy no more in one order.`,
  );
};

/** Exits belong to an order that opens a position, or pair a limit that sells what is held. */
export const exitOrders: Check = {
  hard: true,
  unit: 'state',
  judgesReducing: true,
  find: ({ intent, reducing }) => {
    if (intent.exits === undefined) return notApplicable('The order sets out no exits.');
    const passes = intent.side === 'sell' ? reducing : !reducing;
    return measured(
      passes,
      {
        value: reducing ? 'closing' : 'opening',
        limit: intent.side === 'sell' ? 'closing' : 'opening',
      },
      intent.side === 'sell'
        ? 'A limit with a stop loss sells what is held, as a pair.'
        : 'Exits get out of what an order opens.',
    );
  },
};
