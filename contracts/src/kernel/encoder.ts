import { z } from 'zod';

/** A value is not of the kind that its schema says. A bug of ours. */
class NotEncodable extends TypeError {
  override readonly name = 'NotEncodable';
}

/** Turns a value into its wire form. @throws NotEncodable */
type Encoder = (value: unknown) => unknown;

/** A schema by what it gives inside. */
export type Codec<Value> = z.ZodType<Value>;

const encoders = new WeakMap<z.core.$ZodType, Encoder>();

/**
 * The wire form of a value that our own code made, as `schema.encode` gives it, several times as fast:
 * what our code made has been checked by the compiler, so that only kinds are looked at, and that no
 * member is unknown. Ranges and patterns belong to parsing, where data enters.
 */
export const encodeBy = <Schema extends z.ZodType>(
  schema: Schema,
  value: z.output<Schema>,
): z.input<Schema> => encoderOf(schema)(value) as z.input<Schema>;

/** The same without the members of it that are null. @throws TypeError when the schema is of no object */
export const sparseEncoder = (
  schema: z.ZodType,
): ((value: unknown) => Readonly<Record<string, unknown>>) => {
  const { def } = (schema as z.core.$ZodType as z.core.$ZodTypes)._zod;
  if (def.type !== 'object') throw new TypeError(`the schema is of no object: ${def.type}`);
  return objectEncoder(def, true) as (value: unknown) => Readonly<Record<string, unknown>>;
};

const encoderOf = (schema: z.core.$ZodType): Encoder => {
  const known = encoders.get(schema);
  if (known !== undefined) return known;
  const made = compile(schema as z.core.$ZodTypes);
  encoders.set(schema, made);
  return made;
};

const compile = (schema: z.core.$ZodTypes): Encoder => {
  const { def } = schema._zod;
  switch (def.type) {
    case 'string':
    case 'boolean':
      return same((value) => typeof value === def.type, def.type);
    case 'number':
      return 'format' in def
        ? same(Number.isSafeInteger, 'whole number')
        : same(Number.isFinite, 'finite number');
    case 'enum':
    case 'literal':
      return same((value) => schema._zod.values?.has(value as string) === true, def.type);
    case 'custom':
      return same((value) => Boolean(def.fn(value)), 'value of its own type');
    case 'object':
      return objectEncoder(def);
    case 'array':
      return arrayEncoder(encoderOf(def.element));
    case 'record':
      return recordEncoder(encoderOf(def.valueType));
    case 'nullable':
      return unless(null, encoderOf(def.innerType));
    case 'optional':
      return unless(undefined, encoderOf(def.innerType));
    case 'pipe':
      return codecEncoder(schema, def);
    default:
      return (value) => z.encode(schema, value);
  }
};

const refuse = (kind: string): never => {
  throw new NotEncodable(`not a ${kind}`);
};

const same =
  (isOfKind: (value: unknown) => boolean, kind: string): Encoder =>
  (value) =>
    isOfKind(value) ? value : refuse(kind);

const unless =
  (nothing: null | undefined, encode: Encoder): Encoder =>
  (value) =>
    value === nothing ? nothing : encode(value);

const arrayEncoder =
  (encode: Encoder): Encoder =>
  (value) =>
    Array.isArray(value) ? value.map((item) => encode(item)) : refuse('array');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const recordEncoder =
  (encode: Encoder): Encoder =>
  (value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, encode(member)]))
      : refuse('record');

type Member = {
  readonly key: string;
  readonly encode: Encoder;
  readonly mayMiss: boolean;
  /** And is then left out. */
  readonly mayBeNull: boolean;
};

const objectEncoder = ({ shape }: z.core.$ZodObjectDef, sparse = false): Encoder => {
  const members = Object.entries(shape).map(([key, member]) => ({
    key,
    encode: encoderOf(member),
    mayMiss: member._zod.optin === 'optional',
    mayBeNull: sparse && (member as z.ZodType).isNullable(),
  }));
  const encode = written(members, (value) => {
    for (const key in value) if (!Object.hasOwn(shape, key)) refuse(`member: ${key}`);
  });
  return (value) => (isObject(value) ? encode(value) : refuse('object'));
};

/**
 * A function written out for these members, as the decoder's are: a loop over them takes twice as long.
 * Only where members and keys are not as many can one be there that nobody declared.
 */
const written = (members: readonly Member[], requireKnown: (value: object) => void): Encoder => {
  const names = members.map(({ key }) => JSON.stringify(key));
  const writes = members.map(({ mayMiss, mayBeNull }, n) => {
    const write = mayBeNull
      ? `if (value${n} !== null) encoded[${names[n]}] = encode[${n}](value${n});`
      : `encoded[${names[n]}] = encode[${n}](value${n});`;
    return `const value${n} = value[${names[n]}];
      ${mayMiss ? `if (value${n} !== undefined) { ${write} members += 1; }` : write}`;
  });
  const body = `return (value) => {
      let members = ${members.filter(({ mayMiss }) => !mayMiss).length};
      const encoded = {};
      ${writes.join('\n')}
      for (const _ in value) members -= 1;
      if (members !== 0) requireKnown(value);
      return encoded;
    };`;
  // The text holds names of our own schemas and nothing that ever came from outside.
  const make = new Function('encode', 'requireKnown', body);
  return make(
    members.map(({ encode }) => encode),
    requireKnown,
  );
};

/** Codecs of ours have a custom type inside and a plain one on the wire. */
const codecEncoder = (schema: z.core.$ZodTypes, def: z.core.$ZodPipeDef): Encoder => {
  if (!(schema instanceof z.ZodCodec)) return (value) => z.encode(schema, value);
  const { reverseTransform } = schema._zod.def;
  const toWire = encoderOf(def.in);
  const isInside = encoderOf(def.out);
  return (value) => {
    isInside(value);
    return toWire(reverseTransform(value, { value, issues: [] }));
  };
};
