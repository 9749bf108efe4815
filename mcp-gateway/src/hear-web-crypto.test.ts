import { expect, test } from 'vitest';
import { hearWebCrypto } from './hear-web-crypto.ts';

test('what Node says of Web Crypto is told here, and every other warning goes on as it came', () => {
  const printed: unknown[][] = [];
  const heard: string[] = [];
  const process = { emitWarning: (...warning: unknown[]) => void printed.push(warning) };
  hearWebCrypto((text) => heard.push(text), process);
  // In the very words of Node: where it chooses others, this fails.
  const { emitWarning } = globalThis.process;
  globalThis.process.emitWarning = process.emitWarning;
  try {
    (SubtleCrypto as unknown as { supports: (...of: string[]) => boolean }).supports(
      'verify',
      'ML-DSA-44',
    );
  } finally {
    globalThis.process.emitWarning = emitWarning;
  }
  expect(heard).toEqual([
    expect.stringMatching(/^node: The supports Web Crypto API method is an/),
    expect.stringMatching(/^node: The ML-DSA-44 Web Crypto API algorithm is an/),
  ]);
  expect(printed).toEqual([]);
  process.emitWarning('SQLite is an experimental feature', 'ExperimentalWarning');
  process.emitWarning(
    'The supports Web Crypto API method is an experimental feature',
    'DeprecationWarning',
  );
  const other = new Error('a warning');
  process.emitWarning(other, { code: 'A' });
  expect(printed).toEqual([
    ['SQLite is an experimental feature', 'ExperimentalWarning'],
    ['The supports Web Crypto API method is an experimental feature', 'DeprecationWarning'],
    [other, { code: 'A' }],
  ]);
  expect(heard).toHaveLength(2);
});
