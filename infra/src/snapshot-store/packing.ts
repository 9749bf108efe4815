import { setImmediate as rest } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const { ZSTD_c_checksumFlag: checksum, ZSTD_c_compressionLevel: level } = constants;
/** A checksum, so that damage is told from a state. */
const packed = { params: { [checksum]: 1, [level]: 3 } };

const isPlain = (value: object): value is Record<string, unknown> => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const each = (value: Record<string, unknown>): Record<string, unknown> => {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = storable(value[key]);
  return copy;
};

/**
 * The value as the serializer takes it: an instant, which it does not know, travels as its boxed
 * nanoseconds, as nothing else does. @throws TypeError for what a state does not hold
 */
const storable = (value: unknown): unknown => {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new TypeError(`a ${typeof value} is no part of a state`);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Temporal.Instant) return Object(value.epochNanoseconds);
  if (Array.isArray(value)) return value.map(storable);
  if (value instanceof Map)
    return new Map(Array.from(value, ([key, of]) => [storable(key), storable(of)]));
  if (value instanceof Set) return new Set(Array.from(value, storable));
  if (!isPlain(value)) throw new TypeError(`a ${value.constructor.name} is no part of a state`);
  return each(value);
};

/** What `storable` was made of. Arrays and objects are nobody else's yet, and are mended in place. */
const restored = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof BigInt) return new Temporal.Instant(value.valueOf());
  if (value instanceof Map)
    return new Map(Array.from(value, ([key, of]) => [restored(key), restored(of)]));
  if (value instanceof Set) return new Set(Array.from(value, restored));
  if (Array.isArray(value)) {
    for (const [index, of] of value.entries())
      if (typeof of === 'object') value[index] = restored(of);
    return value;
  }
  for (const [key, of] of Object.entries(value))
    if (typeof of === 'object') Reflect.set(value, key, restored(of));
  return value;
};

/** The parts of a state as bytes, with a rest after each, so that whoever waits meanwhile is answered. */
export const pack = async (parts: Iterable<unknown>): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    pieces.push(serialize(storable(part)));
    await rest();
  }
  return compress(serialize(pieces), packed);
};

/** @throws Error when these are not, or no longer, the bytes that `pack` made */
export const unpack = async (bytes: Uint8Array): Promise<readonly unknown[]> => {
  const pieces: unknown = deserialize(await decompress(bytes));
  if (!Array.isArray(pieces)) throw new TypeError('a snapshot that is no list of parts');
  return pieces.map((piece) => restored(deserialize(piece)));
};
