import { z } from 'zod';
import { decodeBy } from './decoder.ts';
import { encodeBy } from './encoder.ts';
import { EventStoreCorrupt, type RecordedEvent } from './event-store.ts';
import type { Json } from './json.ts';

type AnyObject = z.ZodType<object>;

/** Lifts a stored payload by exactly one schema version. Pure, and never changed once released. */
export type Upcaster = (data: Json) => Json;

/** One type of event: its stored name, its current schema version, and how older ones are lifted. */
export type EventDefinition<Schema extends AnyObject = AnyObject> = {
  readonly version: number;
  readonly schema: Schema;
  /** `upcasters[n]` lifts version n to n + 1; one for each version below the current. */
  readonly upcasters: Readonly<Record<number, Upcaster>>;
};

export type EventDefinitions = Readonly<Record<string, EventDefinition>>;

/** A decoded event: what deciders and folds see. */
export type EventOf<Definitions extends EventDefinitions> = {
  readonly [Type in keyof Definitions & string]: {
    readonly type: Type;
    readonly data: z.output<Definitions[Type]['schema']>;
  };
}[keyof Definitions & string];

export const event = <Schema extends AnyObject>(
  version: number,
  schema: Schema,
  upcasters: Readonly<Record<number, Upcaster>> = {},
): EventDefinition<Schema> => ({ version, schema, upcasters });

/**
 * Decodes a stored event into the current form of its type.
 * @throws EventStoreCorrupt when the type is unknown, newer than this program, or does not parse.
 */
export const decodeEvent = <Definitions extends EventDefinitions>(
  definitions: Definitions,
  recorded: Pick<RecordedEvent, 'type' | 'schemaVersion' | 'data' | 'id'>,
): EventOf<Definitions> => {
  // Of its own: a log may hold any word, and `constructor` is one that every object has.
  const definition = Object.hasOwn(definitions, recorded.type)
    ? definitions[recorded.type]
    : undefined;
  if (definition === undefined)
    throw new EventStoreCorrupt(`event ${recorded.id}: unknown type ${recorded.type}`);
  const data = decodeBy(definition.schema, lift(definition, recorded));
  if (!data.success) {
    throw new EventStoreCorrupt(
      `event ${recorded.id} (${recorded.type}): ${z.prettifyError(data.error)}`,
    );
  }
  return { type: recorded.type, data: data.data } as EventOf<Definitions>;
};

const lift = (
  definition: EventDefinition,
  recorded: Pick<RecordedEvent, 'type' | 'schemaVersion' | 'data' | 'id'>,
) => {
  if (recorded.schemaVersion > definition.version) {
    throw new EventStoreCorrupt(
      `event ${recorded.id}: ${recorded.type} version ${recorded.schemaVersion} was written by a newer Sentinel`,
    );
  }
  let data = recorded.data;
  for (let version = recorded.schemaVersion; version < definition.version; version++) {
    const upcaster = definition.upcasters[version];
    if (upcaster === undefined)
      throw new EventStoreCorrupt(`${recorded.type}: no upcaster from version ${version}`);
    try {
      data = upcaster(data);
    } catch (cause) {
      // It reads what its version promises, which what stands there need not keep.
      throw new EventStoreCorrupt(
        `event ${recorded.id}: ${recorded.type} of version ${version} is not what that version is`,
        { cause },
      );
    }
  }
  return data as object;
};

/** The stored form of an event's payload. Throws NotEncodable when the data is not of its type: a bug. */
export const encodeEvent = <Definitions extends EventDefinitions>(
  definitions: Definitions,
  of: EventOf<Definitions>,
): { readonly type: string; readonly schemaVersion: number; readonly data: Json } => {
  const definition = definitions[of.type] as EventDefinition;
  return {
    type: of.type,
    schemaVersion: definition.version,
    data: encodeBy(definition.schema, of.data) as Json,
  };
};

/** A wish to change something, or a question; both parse their input and promise an output. */
export type MessageDefinition<
  Kind extends 'command' | 'query' = 'command' | 'query',
  Input extends AnyObject = AnyObject,
  Output extends AnyObject = AnyObject,
> = { readonly kind: Kind; readonly input: Input; readonly output: Output };

export const command = <Input extends AnyObject, Output extends AnyObject>(
  input: Input,
  output: Output,
): MessageDefinition<'command', Input, Output> => ({ kind: 'command', input, output });

export const query = <Input extends AnyObject, Output extends AnyObject>(
  input: Input,
  output: Output,
): MessageDefinition<'query', Input, Output> => ({ kind: 'query', input, output });
