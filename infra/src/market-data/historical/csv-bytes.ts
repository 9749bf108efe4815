const [newLine, carriage, comma, quote, space, tab] = [10, 13, 44, 34, 32, 9];
const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Walks the lines of a table of plain figures and says where its fields stand, without making a string
 * of any. Either line ending, blank lines, a byte order mark, spaces around fields and fields in
 * quotation marks are tolerated; a comma inside quotation marks is not, for no figure has one.
 */
export const csvBytes = (bytes: Uint8Array, mostFields: number) => {
  const from = new Int32Array(mostFields);
  const to = new Int32Array(mostFields);
  let at = byteOrderMark.every((byte, i) => bytes[i] === byte) ? byteOrderMark.length : 0;
  let line = 0;

  const isBlank = (byte: number | undefined): boolean => byte === space || byte === tab;

  const keep = (field: number, start: number, end: number): void => {
    let left = start;
    let right = end;
    while (left < right && isBlank(bytes[left])) left++;
    while (right > left && isBlank(bytes[right - 1])) right--;
    if (right - left > 1 && bytes[left] === quote && bytes[right - 1] === quote) {
      left++;
      right--;
    }
    from[field] = left;
    to[field] = right;
  };

  return {
    from,
    to,
    /** The number of the line that was read last, from 1. */
    line: (): number => line,
    /** Moves to the next line; its number of fields (0 for a blank one), or undefined at the end. */
    next: (): number | undefined => {
      if (at >= bytes.length) return undefined;
      line++;
      let fields = 0;
      let start = at;
      for (; ; at++) {
        const byte = at < bytes.length ? (bytes[at] ?? 0) : newLine;
        // Figures are above the comma, which most bytes are.
        if (byte > comma || (byte !== comma && byte !== newLine && byte !== carriage)) continue;
        if (fields < mostFields) keep(fields, start, at);
        fields++;
        start = at + 1;
        if (byte !== comma) break;
      }
      if (bytes[at] === carriage && bytes[at + 1] === newLine) at++;
      at++;
      return fields === 1 && from[0] === to[0] ? 0 : fields;
    },
  };
};

const decoder = new TextDecoder();

/** The text between two places. */
export const textBetween = (bytes: Uint8Array, from: number, to: number): string =>
  decoder.decode(bytes.subarray(from, to));

const [point, zero, nine] = [46, 48, 57];
const places = 6;

/** Digits that may stand before the point: a whole number of a million millionths stays exact. */
const mostDigits = 15;

/**
 * A figure such as 12.5 in whole millionths, rounded half up at the seventh place; NaN for anything
 * else. `lost` tells by how many millionths the rounding moved the last one read.
 */
export const microsReader = (bytes: Uint8Array) => {
  let lost = 0;
  const read = (from: number, to: number): number => {
    lost = 0;
    let value = 0;
    let at = from;
    for (; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte < zero || byte > nine) break;
      value = value * 10 + (byte - zero);
    }
    const whole = at - from;
    if (whole === 0 || whole > mostDigits) return Number.NaN;
    if (at === to) return value * 1e6;
    if (bytes[at] !== point || at + 1 === to) return Number.NaN;
    let digits = 0;
    let rest = 0;
    let scale = 0.1;
    for (at++; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte < zero || byte > nine) return Number.NaN;
      if (digits < places) value = value * 10 + (byte - zero);
      else {
        rest += (byte - zero) * scale;
        scale /= 10;
      }
      digits++;
    }
    for (let i = digits; i < places; i++) value *= 10;
    const up = rest >= 0.5 ? 1 : 0;
    lost = Math.abs(up - rest);
    return value + up;
  };
  return { read, lost: (): number => lost };
};
