import type { StreamName, StreamVersion } from '@sentinel/contracts/kernel';
import { boundedCache } from '@sentinel/contracts/kernel';

/** Where one event stands, so that it can be read alone. */
export type RecordedPlace = { readonly stream: StreamName; readonly version: StreamVersion };

/** Finds where something was recorded, by an id that it carries; undefined when it is not there. */
export type LocatePlace = (id: string) => Promise<RecordedPlace | undefined>;

/** Places by id: what this process recorded is known at once, the rest is asked of an index. */
export type RecordedPlaces = {
  readonly remember: (id: string, place: RecordedPlace) => void;
  readonly find: LocatePlace;
};

/** More than the largest scan records, and some megabytes. */
const rememberedPlaces = 20_000;

/**
 * An index follows the log, so that what was recorded a moment ago may not stand in it yet: this
 * process does not wait for it.
 */
export const recordedPlaces = (locate: LocatePlace): RecordedPlaces => {
  const recent = boundedCache<string, RecordedPlace>(rememberedPlaces);
  return {
    remember: recent.set,
    find: async (id) => recent.get(id) ?? locate(id),
  };
};
