import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestHouse, type TestHouse } from '../test-house.ts';
import { baselineOf, longestMs, revisions, runSuite } from './run-suite.ts';

let house: TestHouse;
let withFixtures: TestHouse;
let folder: string;
beforeAll(async () => {
  [house, withFixtures] = await Promise.all([
    startTestHouse(),
    startTestHouse({ CONFORMANCE: '1' }),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'sentinel-conformance-'));
});
afterAll(async () => {
  await house?.stop();
  await withFixtures?.stop();
  await rm(folder, { recursive: true, force: true });
});

test.each(revisions)(
  'the product does what %s requires, but for what its baseline names',
  async (revision) => {
    const url = house.url('/mcp');
    const { passed, report } = await runSuite({ url, revision, baseline: baselineOf(revision) });
    expect(passed, report).toBe(true);
  },
  longestMs,
);

test.each(revisions)(
  'with what the suites ask for, all that %s scores passes',
  async (revision) => {
    const url = withFixtures.url('/mcp');
    const { passed, report } = await runSuite({ url, revision });
    expect(passed, report).toBe(true);
  },
  longestMs,
);

test(
  'a baseline that names what passes is refused',
  async () => {
    const [revision] = revisions;
    const baseline = join(folder, 'stale.yml');
    await writeFile(baseline, `${await readFile(baselineOf(revision), 'utf8')}  - ping\n`);
    const { passed, report } = await runSuite({ url: house.url('/mcp'), revision, baseline });
    expect(passed).toBe(false);
    expect(report).toMatch(/stale/i);
  },
  longestMs,
);
