import { accepted, type Outcome } from '@sentinel/contracts/kernel';

/** A red pixel. */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
/** No samples, in the form of a WAV file. */
export const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==';

export const text = (words: string) => ({ type: 'text' as const, text: words });
export const image = () => ({ type: 'image' as const, data: png, mimeType: 'image/png' });
export const embedded = (uri: string, mimeType: string, words: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: words },
});

/** A result of a tool as the protocol has it. */
export const result = (...content: readonly object[]): Outcome<object> =>
  accepted({ content: [...content] });
