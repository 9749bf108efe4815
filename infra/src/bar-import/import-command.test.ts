import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { envFileVariable, settings } from '../config/index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sentinel-import-command-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What stands there as an example alone, and would be refused. */
/** Those go with other values of a setting beside them than stand there. */
const examples = { SENTINEL_API_KEYS_JSON: '', OAUTH_ISSUER: '', OTEL_TRACES_SAMPLER_ARG: '' };

/** Every setting that is documented, with these values in place of what stands there. */
const envFile = async (name: string, given: Readonly<Record<string, string>>): Promise<string> => {
  const values: Readonly<Record<string, string>> = { ...examples, ...given };
  const documented = await readFile(join(import.meta.dirname, '../../../.env.example'), 'utf8');
  const lines = documented.split('\n').flatMap((line) => {
    const [, setting, value] = /^(?:# )?([A-Z_]+)=(\S*)$/.exec(line) ?? [];
    return setting === undefined ? [] : [[setting, values[setting] ?? value] as const];
  });
  expect(lines.map(([setting]) => setting).sort()).toEqual(Object.keys(settings).sort());
  const file = join(folder, name);
  await writeFile(file, lines.map(([setting, value]) => `${setting}=${value}\n`).join(''));
  return file;
};

type Ended = { readonly code: number; readonly out: string; readonly err: string };

const command = (file: string, ...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, [envFileVariable]: file };
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, 'main.ts'), ...args],
      { env, cwd: folder },
      (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });

const days = Array.from({ length: 40 }, (_, day) =>
  new Date(Date.UTC(2024, 0, 2 + day)).toISOString().slice(0, 10),
);
const bars = [
  'date,open,high,low,close,volume',
  ...days.map(
    (date, day) => `${date},${100 + day}.25,${101 + day}.5,${99 + day},${100 + day}.75,9000`,
  ),
].join('\n');

describe('npm run import', () => {
  test('reads every setting of .env, and the library and its calendar from there', async () => {
    const source = join(folder, 'BTCX.csv');
    await writeFile(source, bars);
    const into = join(folder, 'library');
    const [taken, wrong, calendar] = await Promise.all([
      command(
        await envFile('.env', { MARKET_DATA_DIR: into, HISTORICAL_CALENDAR: 'every-day' }),
        source,
      ),
      command(await envFile('wrong.env', { MARKET_DATA_DIR: into, PORT: 'x' }), source),
      command(
        await envFile('nyse.env', { MARKET_DATA_DIR: join(folder, 'nyse') }),
        source,
        '--dry-run',
      ),
    ]);
    expect(taken).toMatchObject({ code: 0, err: '' });
    expect(await readdir(into)).toContain('BTCX.csv');
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(wrong.err).toMatch(/^PORT must be a whole number/);
    expect(calendar).toMatchObject({ code: 1 });
  });
});
