import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyOf } from './mutation/copy.ts';
import { type Defence, defences, testFiles } from './mutation/defences.ts';

/** Each takes a run of its own on a copy, which the ordinary tests have no time for. */
const startedBy = 'test:eventstore';
const isAsked = process.env.npm_lifecycle_event === startedBy;
const reason = isAsked ? '' : ` (only npm run ${startedBy} tries it)`;

const root = join(import.meta.dirname, '..', '..');
const adapter = 'infra/src/event-store/eventstoredb';
const config = 'vitest.defences.config.ts';
const run = promisify(execFile);
let folder: string;

beforeAll(() => {
  if (!isAsked) return;
  folder = mkdtempSync(join(tmpdir(), 'sentinel-defences-'));
  copyOf(root, folder);
  const include = [`${adapter}/*.test.ts`];
  // Text of any kind takes long, and meets no fault.
  const settings = { include, testTimeout: 15_000, bail: 1, testNamePattern: '^(?!.*any JSON)' };
  writeFileSync(join(folder, config), `export default { test: ${JSON.stringify(settings)} };\n`);
});
afterAll(() => {
  if (isAsked) rmSync(folder, { recursive: true });
});

/** Runs tests of the adapter as it stands in the copy. Answers what they printed, and whether all passed. */
const tried = async (files: readonly string[]): Promise<{ passed: boolean; printed: string }> => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const of = files.map((file) => `${adapter}/${file}`);
  const env = { ...process.env, EVENTSTORE_TEST_URL: undefined, npm_lifecycle_event: undefined };
  const ended = run(process.execPath, [vitest, 'run', '--config', config, ...of], {
    ...{ cwd: folder, env },
    timeout: 150_000,
  });
  return ended.then(
    ({ stdout }) => ({ passed: true, printed: stdout }),
    (error: { stdout?: string; stderr?: string }) => ({
      passed: false,
      printed: `${error.stdout}${error.stderr}`,
    }),
  );
};

const without = async ({ file, defence, instead, noticedBy }: Defence) => {
  const path = join(folder, adapter, file);
  const text = readFileSync(path, 'utf8');
  expect(text.split(defence), `${file} holds the defence once`).toHaveLength(2);
  writeFileSync(
    path,
    text.replace(defence, () => instead),
  );
  try {
    return await tried([noticedBy]);
  } finally {
    copyFileSync(join(root, adapter, file), path);
  }
};

describe.skipIf(!isAsked)(`the adapter of EventStoreDB${reason}`, () => {
  test('passes its tests as it is, in the copy as well', async () => {
    const { passed, printed } = await tried(testFiles);
    expect(printed).toContain('Tests');
    expect(passed, printed).toBe(true);
  }, 200_000);

  test.each(defences)(
    'without this is broken by a fault: $why',
    async (defence) => {
      const { passed, printed } = await without(defence);
      expect(printed).toContain('FAIL');
      expect(passed).toBe(false);
    },
    200_000,
  );
});
