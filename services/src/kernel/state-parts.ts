import { isVersionedMap, type VersionedMap, versionedMap } from './versioned-map.ts';

const entriesAtOnce = 250;

type Entries = readonly (readonly [unknown, unknown])[];
/** The state without its versioned maps, and which those are. */
type Frame = { readonly state: unknown; readonly maps: readonly string[] };
type Slice = { readonly map: string; readonly entries: Entries };

function* sliced(frame: Frame, maps: readonly Slice[]): Generator<Frame | Slice, void, void> {
  yield frame;
  for (const { map, entries } of maps)
    for (let from = 0; from < entries.length; from += entriesAtOnce)
      yield { map, entries: entries.slice(from, from + entriesAtOnce) };
}

/**
 * A state in parts of bounded size, which `stateOf` puts together again. What they are made of is
 * taken at once, so that the state may go on meanwhile. Versioned maps are parted where they are
 * fields of the state itself, as in every fold.
 */
export const partsOf = (state: unknown): Iterable<unknown> => {
  if (typeof state !== 'object' || state === null) return [{ state, maps: [] } satisfies Frame];
  const fields = Object.entries(state);
  const maps = fields.flatMap(([map, value]): Slice[] =>
    isVersionedMap(value) ? [{ map, entries: value.entries() }] : [],
  );
  const rest = Object.fromEntries(fields.filter(([, value]) => !isVersionedMap(value)));
  return sliced({ state: rest, maps: maps.map(({ map }) => map) }, maps);
};

const entriesOf = function* (slices: readonly Slice[], name: string): Iterable<Entries[number]> {
  for (const { map, entries } of slices) if (map === name) yield* entries;
};

/** The state whose parts these are. */
export const stateOf = <State>(parts: readonly unknown[]): State => {
  const [frame, ...slices] = parts as readonly [Frame, ...Slice[]];
  if (frame.maps.length === 0) return frame.state as State;
  const maps = frame.maps.map((name): readonly [string, VersionedMap<unknown, object>] => [
    name,
    versionedMap(entriesOf(slices, name) as Iterable<readonly [unknown, object]>),
  ]);
  return { ...(frame.state as object), ...Object.fromEntries(maps) } as State;
};
