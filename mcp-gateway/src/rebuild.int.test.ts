import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sentinel-rebuild-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the command says where no Sentinel runs. */
const said = async (...args: readonly string[]): Promise<string> => {
  const script = join(import.meta.dirname, 'rebuild.ts');
  const env = { PATH: process.env.PATH, SENTINEL_DATA_DIR: folder };
  const failed = await promisify(execFile)(process.execPath, [script, ...args], { env }).then(
    () => ({ code: 0, stderr: '' }),
    (error: { readonly code: number; readonly stderr: string }) => error,
  );
  expect(failed.code).toBe(1);
  return failed.stderr;
};

test.each([
  [[]],
  [['--dry-run']],
  [['--rollback']],
  [['orders', '--all']],
  [['orders', 'trades']],
  [['--al']],
])('%j names no view, or more than one, and nothing is rebuilt', async (args) => {
  expect(await said(...args)).toMatch(/^Usage: npm run rebuild -- <view>\|--all/);
});

test.each([[['orders']], [['--all']], [['--all', '--rollback']]])(
  '%j asks whoever runs on that folder',
  async (args) => {
    expect(await said(...args)).toMatch(/^The operator's key /);
  },
);
