import type { VenueReport, WorkingOrder } from '@sentinel/contracts/execution';
import type { StreamName } from '@sentinel/contracts/kernel';
import { sendOrders } from './send-orders.ts';
import {
  lastVenueStep,
  recoverFromVenue,
  type VenueStep,
  type VenueStepOptions,
  venueStep,
} from './venue-step.ts';

/** What goes between the sessions of one account and its venue. */
export type Routing = {
  /** Takes a session's orders to the venue and writes down what it says of them. @throws VenueUnavailable */
  readonly step: (stream: StreamName) => Promise<VenueStep>;
  /**
   * The same for a session that is about to close: its last bar is completed at the very moment at
   * which it closes. On quotes there is nothing to make good.
   */
  readonly lastStep: (stream: StreamName) => Promise<VenueStep>;
  /** Takes what was missed while nobody listened. @throws VenueUnavailable, and nothing is recorded */
  readonly recover: (stream: StreamName) => Promise<readonly VenueReport[]>;
};

export const venueRouting = (
  options: VenueStepOptions & {
    /** What the venue was told by this process, also by whoever else routes to it here. */
    readonly sent?: WeakSet<WorkingOrder>;
  },
): Routing => {
  const { sent = new WeakSet<WorkingOrder>() } = options;
  return {
    step: async (stream) => {
      const { state } = await options.sessions.load(stream);
      if (state.phase === 'open') await sendOrders(options.venue, state, sent);
      return venueStep(options, stream);
    },
    lastStep: (stream) => lastVenueStep(options, stream),
    recover: (stream) => recoverFromVenue(options, stream),
  };
};
