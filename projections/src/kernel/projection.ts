import {
  type Codec,
  decodeBy,
  type RecordedEvent,
  type Row,
  sparseEncoder,
  type ViewDefinition,
  type z,
} from '@sentinel/contracts/kernel';
import type { ViewedEvent } from './viewed-events.ts';

export type EventType = ViewedEvent['type'];
type Events = { readonly [Event in ViewedEvent as Event['type']]: Event };

/** An event as a fold sees it: what it says, and where and by whom it was recorded. */
export type Fact<Type extends EventType = EventType> = {
  readonly event: Events[Type];
  readonly recorded: RecordedEvent;
};

/** A row that is set under a key; undefined takes it away. */
export type SetRow<Of> = { readonly key: string; readonly row: Of | undefined };

/** A row's form: the schema by which it is stored, and by which it is read again. */
export type RowCodec<Of> = {
  readonly schema: z.ZodType;
  encode(row: Of): unknown;
  parse(stored: unknown): Of;
};

/**
 * A view is a name, a version and a fold. Everything here is pure. An event concerns the rows of its
 * `keys`; each is moved by `evolve` to the next row, or to none.
 */
export type Projection<Of, Type extends EventType = EventType, Field extends string = string> = {
  readonly view: string;
  /** Grows with every change of the fold, of the row or of the fields: the view is then built anew. */
  readonly version: number;
  readonly row: RowCodec<Of>;
  readonly types: readonly Type[];
  /** Types that begin a row whatever stood there before, so that no row has to be read for them. */
  readonly begins?: readonly Type[];
  /** At most `largestKeyCount` keys. */
  keys(fact: Fact<Type>): readonly string[];
  evolve(row: Of | undefined, fact: Fact<Type>, key: string): Of | undefined;
  /**
   * Rows of their own for what a row has come to the end of, and an end for those that it takes back:
   * what the step from `before` to `after` sets under other keys, which no event may name.
   */
  beside?(before: Of | undefined, after: Of | undefined): readonly SetRow<Of>[];
  /** What queries may filter by. */
  readonly fields: readonly Field[];
  fieldsOf(row: Of): Readonly<Record<Field, string | null>>;
};

/** Any projection, its row unseen: what projector and rebuild work with. */
export type AnyProjection = Projection<unknown>;

type RowSchema<Of> = Codec<Of> & { readonly shape: Readonly<Record<string, z.ZodType>> };

/**
 * Each view writes the schema of its rows out by itself, so that no event or answer changes them. What
 * is null in a row is left out where it is stored: a large part of the fields of most rows is.
 */
export const codedRow = <Of extends object>(schema: RowSchema<Of>): RowCodec<Of> => {
  const nullable = Object.keys(schema.shape).filter((key) => schema.shape[key]?.isNullable());
  const nulls = Object.fromEntries(nullable.map((key) => [key, null]));
  const encode = sparseEncoder(schema);
  return {
    schema,
    encode,
    parse: (stored) => {
      const read = decodeBy(schema, { ...nulls, ...(stored as Row) });
      if (!read.success) throw read.error;
      return read.data;
    },
  };
};

/** As many as one event may name of anything: an append holds 500 events of the orders it names. */
export const largestKeyCount = 500;

export const projection = <Of, const Type extends EventType, const Field extends string>(
  of: Projection<Of, Type, Field>,
): Projection<Of, Type, Field> => of;

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** Whether the type is one of the list, which is asked of every event. */
export const isOneOf = (type: string, types: readonly string[]): boolean => {
  let known = sets.get(types);
  if (known === undefined) {
    known = new Set(types);
    sets.set(types, known);
  }
  return known.has(type);
};

export const definitionOf = ({ view, version, fields }: AnyProjection): ViewDefinition => ({
  name: view,
  version,
  fields,
});
