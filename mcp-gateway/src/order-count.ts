import { type SharedState, SharedStateUnavailable } from '@sentinel/contracts/kernel';
import type { CountOrder } from '@sentinel/services/risk';

const windowMs = 1_000;
/** Refused orders, previews and repetitions count too, so that there is room beside those that are sent. */
const askedForEachSent = 10;

/**
 * Counts what each principal asks of all gateways together, previews and refusals too, which the session's
 * own count of messages leaves out. Ten times as many a second as may be sent are taken.
 */
export const orderCount = (
  state: Pick<SharedState, 'count'>,
  { sentPerSecond }: { readonly sentPerSecond: number },
): CountOrder => {
  const most = sentPerSecond * askedForEachSent;
  return async (principal) => {
    try {
      const { total } = await state.count(`orders.${principal}`, { by: 1, windowMs });
      return total <= most
        ? undefined
        : `${principal} has asked about more than ${most} orders within a second`;
    } catch (error) {
      if (!(error instanceof SharedStateUnavailable)) throw error;
      return `orders cannot be counted for all gateways (${error.message})`;
    }
  };
};
