import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { envFileVariable, readConfig } from './index.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-env-'));
  file = join(folder, '.env');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const reading = (text: string, environment: Readonly<Record<string, string>> = {}) => {
  writeFileSync(file, text);
  return { [envFileVariable]: file, ...environment };
};
const configOf = (text: string, environment?: Readonly<Record<string, string>>) => {
  const read = readConfig(reading(text, environment));
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value.config;
};
const refusalOf = (text: string): string => {
  const read = readConfig(reading(text));
  return read.ok ? 'taken' : read.refusal.message;
};
const hintsOf = (text: string, environment?: Readonly<Record<string, string>>) => {
  const read = readConfig(reading(text, environment));
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value.hints;
};

describe('.env', () => {
  test('sets what the environment does not set', () => {
    const text = '\uFEFF# ours\r\nPORT=3100 # a comment\r\n\r\nexport MARKET_SEED="7"\r\n';
    expect(configOf(text)).toMatchObject({ PORT: 3100, MARKET_SEED: 7 });
    expect(configOf(text, { PORT: '3200' })).toMatchObject({ PORT: 3200, MARKET_SEED: 7 });
  });

  test('need not be there, and is not looked for where nobody names it', () => {
    const absent = readConfig({ [envFileVariable]: join(folder, 'none') });
    expect(absent.ok && absent.value.config.PORT).toBe(3000);
    const [unnamed] = [readConfig({}), writeFileSync(file, 'PORT=3100\n')];
    expect(unnamed.ok && unnamed.value.config.PORT).toBe(3000);
  });

  test.each([
    ['PORT=3100\nMARKET_SEED 7\n', 'line 2 is not of the form NAME=value'],
    ['# one\nALPACA_API_SECRET_KEY="geheim\n', 'line 2 opens a quote that it does not close'],
    ['PORT=1\nHOST=127.0.0.1\nPORT=2\n', 'line 3 sets PORT, which line 1 has set already'],
  ])('%j is refused with the file and the line, without what stands there', (text, problem) => {
    expect(refusalOf(text)).toBe(`${file}: ${problem}.`);
  });

  test('that cannot be read is not taken for none', () => {
    mkdirSync(file);
    const read = readConfig({ [envFileVariable]: file });
    expect(read.ok ? 'taken' : read.refusal.message).toBe(`${file} cannot be read (EISDIR).`);
  });

  test('is looked through for every name that is none of ours', () => {
    expect(hintsOf('MAX_POSTION_PCT=0.1\nHTTP_PROXY=x\nPORT=3100\n')).toEqual([
      'HTTP_PROXY in .env is not a setting of Sentinel, and changes nothing; .env.example lists all.',
      'MAX_POSTION_PCT in .env is not a setting of Sentinel, and changes nothing: is MAX_POSITION_PCT meant?',
    ]);
    const read = readConfig(reading('SENTINEL_DATADIR=x\n'));
    expect(read.ok ? 'taken' : read.refusal.message).toContain('Is SENTINEL_DATA_DIR meant?');
  });
});

test('of the environment only what is near a setting is named', () => {
  const everybodys = { HOME: '/root', PATH: '/bin', PGHOST: 'x', HOSTNAME: 'x', SHELL: 'sh' };
  expect(hintsOf('', everybodys)).toEqual([]);
  expect(hintsOf('', { ...everybodys, MARKET_DATA_PROVIDR: 'alpaca', port: '3' })).toEqual([
    'MARKET_DATA_PROVIDR in the environment is not a setting of Sentinel, and changes nothing: is MARKET_DATA_PROVIDER meant?',
    'port in the environment is not a setting of Sentinel, and changes nothing: is PORT meant?',
  ]);
});
