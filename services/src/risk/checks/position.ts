import { quantity } from '@sentinel/contracts/kernel';
import { coverableQuantity, heldQuantity } from '../account.ts';
import { type Check, measured, notApplicable } from './check.ts';

/** An order opens a position or closes one, and never both: it does not turn one into its opposite. */
export const positionSide: Check = {
  hard: true,
  unit: 'shares',
  judgesReducing: true,
  find: ({ intent, account }) => {
    const held = heldQuantity(account, intent.symbol);
    if (intent.side === 'sell') return notApplicable('SHORT_SALE judges what a sale may take.');
    if (intent.side === 'sell_short')
      return measured(
        held <= 0n,
        { value: quantity.format(held), limit: '0' },
        held > 0n
          ? `${quantity.format(held)} shares are held: sell them before selling short.`
          : 'Nothing is held that a short sale would turn around.',
      );
    if (held >= 0n) return notApplicable('No shares are owed.');
    const most = coverableQuantity(account, intent.symbol);
    return measured(
      intent.quantity <= most,
      { value: quantity.format(intent.quantity), limit: quantity.format(most) },
      `${quantity.format(most)} shares are owed and not being bought back: buy no more in one order.`,
    );
  },
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
