import { money } from '@sentinel/contracts/kernel';
import type { Fact } from '../kernel/index.ts';
import type { FillRow } from './order-row.ts';

/** The events that change what an order has traded. */
export type ExecutionType =
  | 'OrderPartiallyFilled'
  | 'OrderFilled'
  | 'ExecutionBusted'
  | 'ExecutionCorrected';
type ExecutionFact = Fact<ExecutionType>;

export const isExecution = (event: Fact['event']): event is ExecutionFact['event'] =>
  'lastQuantity' in event.data;

/** The fills that count after an execution, or after the venue's change of one, oldest first. */
export const fillsAfter = (
  fills: readonly FillRow[],
  { event, recorded }: ExecutionFact,
): FillRow[] => {
  const { data } = event;
  if ('refers' in data) {
    return fills.flatMap((fill) => {
      if (fill.venueExecutionId !== data.refers) return [fill];
      if (event.type === 'ExecutionBusted') return [];
      return [
        {
          ...fill,
          quantity: data.lastQuantity,
          price: data.lastPrice ?? fill.price,
          fees: money.add(fill.fees, data.fees),
          at: data.at,
        },
      ];
    });
  }
  return [
    ...fills,
    {
      eventId: recorded.id,
      venueExecutionId: data.venueExecutionId,
      quantity: data.lastQuantity,
      price: data.lastPrice,
      fees: data.fees,
      at: data.at,
    },
  ];
};
