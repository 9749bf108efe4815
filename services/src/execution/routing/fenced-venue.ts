import type { Venue, VenueView } from '@sentinel/contracts/execution';
import type { Fence } from '../../kernel/index.ts';

/** A venue for one who may lose the right to send to it; what it says may be heard by anybody. */
export const fencedVenue = <View extends VenueView>(
  venue: Venue<View>,
  fence: Fence,
): Venue<View> => ({
  ...venue,
  submit: async (...of) => {
    fence();
    return venue.submit(...of);
  },
  replace: async (...of) => {
    fence();
    return venue.replace(...of);
  },
  cancel: async (...of) => {
    fence();
    return venue.cancel(...of);
  },
});
