import { decodeEvent, type RecordedEvent } from '@sentinel/contracts/kernel';
import { type AnyProjection, isOneOf } from './projection.ts';
import { type ViewedEvent, viewedEvents } from './viewed-events.ts';

/** An event of the log, decoded once for all projections, or why it could not be. */
export type PageEvent = {
  readonly recorded: RecordedEvent;
  /** Undefined when nobody asked for it, or when it could not be decoded. */
  readonly event?: ViewedEvent;
  readonly problem?: unknown;
};

const isKnown = ({ type, schemaVersion }: RecordedEvent): boolean => {
  const known: Readonly<Record<string, { readonly version: number }>> = viewedEvents;
  const definition = Object.hasOwn(known, type) ? known[type] : undefined;
  return definition !== undefined && schemaVersion <= definition.version;
};

/**
 * Whether a projection must look at an event. One that this program does not know at all concerns
 * every projection: nobody can say what it means, and to pass over it would be a guess.
 */
export const concerns = (projection: AnyProjection, { recorded }: PageEvent): boolean =>
  isOneOf(recorded.type, projection.types) || !isKnown(recorded);

export const decodePage = (
  recorded: readonly RecordedEvent[],
  projections: readonly AnyProjection[],
): readonly PageEvent[] => {
  const wanted = new Set<string>(projections.flatMap(({ types }) => types));
  return recorded.map((of) =>
    wanted.has(of.type) || !isKnown(of) ? decode(of) : { recorded: of },
  );
};

const decode = (recorded: RecordedEvent): PageEvent => {
  try {
    return { recorded, event: decodeEvent(viewedEvents, recorded) };
  } catch (problem) {
    return { recorded, problem };
  }
};
