import type { Findings } from '../findings.ts';

const starts = (bytes: Uint8Array, ...mark: readonly number[]): boolean =>
  mark.every((byte, i) => bytes[i] === byte);

/** Half of the bytes of plain figures in UTF-16 are nought. */
const sixteenBits = (bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined => {
  const sample = bytes.subarray(0, 200);
  let [even, odd] = [0, 0];
  for (const [i, byte] of sample.entries()) {
    if (byte !== 0) continue;
    if (i % 2 === 0) even++;
    else odd++;
  }
  if (odd > sample.length / 3 && even === 0) return 'utf-16le';
  return even > sample.length / 3 && odd === 0 ? 'utf-16be' : undefined;
};

/** The text of a file, in whatever encoding it says or shows; undefined for what is no text. */
export const decode = (bytes: Uint8Array, findings: Findings): string | undefined => {
  const marked = starts(bytes, 0xff, 0xfe)
    ? 'utf-16le'
    : starts(bytes, 0xfe, 0xff)
      ? 'utf-16be'
      : undefined;
  const wide = marked ?? (starts(bytes, 0xef, 0xbb, 0xbf) ? undefined : sixteenBits(bytes));
  if (wide !== undefined) {
    findings.told('encoding', `read as ${wide.toUpperCase()}`);
    return new TextDecoder(wide).decode(bytes);
  }
  if (bytes.subarray(0, 4_096).includes(0)) {
    findings.refused('encoding', 'is no text: save it as CSV');
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    findings.told('encoding', 'is no UTF-8, and read as Windows-1252');
    return new TextDecoder('windows-1252').decode(bytes);
  }
};
