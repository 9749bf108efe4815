import type { AnyEvent } from '@sentinel/contracts';
import {
  type Codec,
  encodeBy,
  type RecordedEvent,
  type Row,
  type ViewDefinition,
} from '@sentinel/contracts/kernel';

export type EventType = AnyEvent['type'];
type Events = { readonly [Event in AnyEvent as Event['type']]: Event };

/** An event as a fold sees it: what it says, and where and by whom it was recorded. */
export type Fact<Type extends EventType = EventType> = {
  readonly event: Events[Type];
  readonly recorded: RecordedEvent;
};

/** Brings a row to its stored JSON form and back; a zod schema is one. */
export type RowCodec<Of> = {
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
  /** What queries may filter by. */
  readonly fields: readonly Field[];
  fieldsOf(row: Of): Readonly<Record<Field, string | null>>;
};

/** Any projection, its row unseen: what projector and rebuild work with. */
export type AnyProjection = Projection<unknown>;

/** For rows whose form a schema gives. */
export const codedRow = <Of extends object>(schema: Codec<Of>): RowCodec<Of> => ({
  encode: (row) => encodeBy(schema, row),
  parse: (stored) => schema.parse(stored),
});

/** For rows whose inside form is their stored form. */
export const plainRow = <Plain extends Row>(): RowCodec<Plain> => ({
  encode: (row) => row,
  parse: (stored) => stored as Plain,
});

export const largestKeyCount = 16;

export const projection = <Of, const Type extends EventType, const Field extends string>(
  of: Projection<Of, Type, Field>,
): Projection<Of, Type, Field> => of;

export const definitionOf = ({ view, version, fields }: AnyProjection): ViewDefinition => ({
  name: view,
  version,
  fields,
});
