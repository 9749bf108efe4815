import type { StreamName } from '@sentinel/contracts/kernel';
import { lastVenueStep, type VenueStepOptions, venueStep } from './venue-step.ts';

/** Takes working orders to the venue and writes down what it says of them. */
export type PaperBroker = {
  /** Looks once at every working order of a session. Answers how many still work. */
  readonly look: (stream: StreamName) => Promise<number>;
  /**
   * Takes a session that is about to close to what the market did in it: its last bar is completed at
   * the very moment at which it closes. On quotes there is nothing to make good.
   */
  readonly lastLook: (stream: StreamName) => Promise<void>;
};

export const paperBroker = (options: VenueStepOptions): PaperBroker => ({
  look: async (stream) => (await venueStep(options, stream)).working,
  lastLook: async (stream) => {
    await lastVenueStep(options, stream);
  },
});
