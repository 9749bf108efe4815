const textOid = 25;
const headerBytes = 20;

/**
 * A `text[]` in PostgreSQL's binary form. The text form would need every quote of every payload
 * escaped here and unescaped there, which costs more than all the rest of an append.
 */
export const textArray = (texts: readonly string[]): Buffer => {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const bytes = Buffer.allocUnsafe(
    headerBytes + lengths.reduce((sum, length) => sum + 4 + length, 0),
  );
  bytes.writeInt32BE(1, 0); // dimensions
  bytes.writeInt32BE(0, 4); // no nulls
  bytes.writeInt32BE(textOid, 8);
  bytes.writeInt32BE(texts.length, 12);
  bytes.writeInt32BE(1, 16); // lower bound
  let offset = headerBytes;
  texts.forEach((text, index) => {
    const length = lengths[index] ?? 0;
    offset = bytes.writeInt32BE(length, offset);
    offset += bytes.write(text, offset, length, 'utf8');
  });
  return bytes;
};
