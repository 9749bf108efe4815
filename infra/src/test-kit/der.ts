/** DER, as certificates are written: a tag, a length, and what it holds. */
export const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};

export const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts);
export const bytes = (...all: readonly number[]): Buffer => Buffer.from(all);
export const objectId = (...all: readonly number[]): Buffer => tlv(0x06, bytes(...all));
export const octets = (content: Uint8Array): Buffer => tlv(0x04, content);
export const bits = (content: Uint8Array): Buffer => tlv(0x03, bytes(0), content);
export const integer = (value: Uint8Array): Buffer => tlv(0x02, value);

/** Years from 1950 to 2049. */
export const time = (at: Temporal.Instant): Buffer =>
  tlv(
    0x17,
    Buffer.from(`${at.toString({ smallestUnit: 'second' }).slice(2).replace(/[-:T]/g, '')}`),
  );
