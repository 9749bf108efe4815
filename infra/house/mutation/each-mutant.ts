import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mutantSwitch } from './mutant-switch.ts';
import { type RanTest, whatRan } from './noticing-runner.ts';
import { sayAlive, sayStep, trialOrder } from './say-step.ts';
import type { TrialOrder } from './trial-order.ts';

const hitsPerHit = 100;
const leastPatienceMs = 10_000;
/** Times what a test uses of the processor. */
const patience = 30;

const { mutants, budgetMs = Number.POSITIVE_INFINITY } = trialOrder();

/** Whether a test fails now, or takes far longer than it did. It runs without what vitest does around it. */
const fails = async ({ again, tookMs }: RanTest): Promise<boolean> => {
  sayAlive();
  const late = new AbortController();
  const runs = async (): Promise<boolean> => {
    await again();
    return false;
  };
  const patienceMs = leastPatienceMs + patience * tookMs;
  try {
    return await Promise.race([runs(), sleep(patienceMs, true, { signal: late.signal })]);
  } catch {
    return true;
  } finally {
    late.abort();
  }
};

/** Tests that were seen to pass when they run again, on the sources as they are, and those that were not. */
const repeatable = new Map<string, boolean>();

const isRepeatable = async (ran: RanTest): Promise<boolean> => {
  const known = repeatable.get(ran.id) ?? !(await fails(ran));
  if (!repeatable.has(ran.id) && !known)
    sayStep({ kind: 'not repeatable', test: `${ran.file}: ${ran.name}` });
  repeatable.set(ran.id, known);
  return known;
};

/** How often each test noticed a mutant of a file: mutants of one file are mostly noticed by the same. */
const noticedIn = new Map<string, Map<string, number>>();

/** Of those that reach a mutant: what noticed most in its file, then the tests of its room, then quick ones. */
const within = (tests: readonly RanTest[], file: string): readonly RanTest[] => {
  const noticed = noticedIn.get(file);
  const times = ({ id }: RanTest): number => noticed?.get(id) ?? 0;
  const isFar = (ran: RanTest): number => Number(dirname(ran.file) !== dirname(file));
  let leftMs = budgetMs;
  return tests
    .toSorted((a, b) => times(b) - times(a) || isFar(a) - isFar(b) || a.tookMs - b.tookMs)
    .filter(({ tookMs }) => {
      leftMs -= tookMs;
      return leftMs + tookMs > 0;
    });
};

/** The test that notices a mutant, of those that reach it. */
const noticedBy = async (
  { id, file }: TrialOrder['mutants'][number],
  { reaching, hits }: { readonly reaching: readonly RanTest[]; readonly hits: number },
): Promise<RanTest | undefined> => {
  Object.assign(mutantSwitch(), { hitCount: 0, hitLimit: hits * hitsPerHit });
  try {
    for (const each of within(reaching, file)) {
      if (!(await isRepeatable(each))) continue;
      mutantSwitch().activeMutant = id;
      const isNoticed = await fails(each);
      mutantSwitch().activeMutant = undefined;
      if (isNoticed) return each;
    }
    return undefined;
  } finally {
    Object.assign(mutantSwitch(), { hitCount: undefined, hitLimit: undefined });
  }
};

const remember = (file: string, { id }: RanTest): void => {
  const noticed = noticedIn.get(file) ?? new Map<string, number>();
  noticedIn.set(file, noticed.set(id, (noticed.get(id) ?? 0) + 1));
};

type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Tries one mutant and tells what became of it. Answers whether the next one can be tried here. */
const tryOne = async (
  mutant: TrialOrder['mutants'][number],
  { perTest, isStatic }: { readonly perTest: Counts; readonly isStatic: boolean },
): Promise<boolean> => {
  const { id, file } = mutant;
  const hitsOf = (ran: RanTest): number => perTest[ran.id]?.[id] ?? 0;
  const reaching = whatRan().passed.filter((ran) => hitsOf(ran) > 0);
  const hits = reaching.reduce((sum, ran) => sum + hitsOf(ran), 0);
  sayStep({ kind: 'trying', id });
  const beganMs = performance.now();
  const by = await noticedBy(mutant, { reaching, hits });
  const about = {
    ...{ kind: 'tried' as const, id, isStatic },
    files: [...new Set(reaching.map((ran) => ran.file))],
    tookMs: Math.round(performance.now() - beganMs),
  };
  if (by === undefined) {
    const status = reaching.length === 0 ? 'NoCoverage' : 'Survived';
    sayStep({ ...about, status, isClean: true });
    return true;
  }
  remember(file, by);
  // What a change left behind in a module would fail tests that do not notice the next change.
  const isClean = !(await fails(by));
  sayStep({ ...about, status: 'Killed', by: `${by.file}: ${by.name}`, isClean });
  return isClean;
};

/** Runs last in its process: every test before it has run on the sources as they are, and runs again here. */
test(
  'every mutant that is asked for is tried on the tests that reach it',
  async () => {
    const reached = structuredClone(mutantSwitch().mutantCoverage);
    const { passed, failed } = whatRan();
    expect(passed.length).toBeGreaterThan(0);
    sayStep({ kind: 'began', tests: passed.length, failed });
    for (const mutant of mutants) {
      const isStatic = (reached?.static[mutant.id] ?? 0) > 0;
      if (!(await tryOne(mutant, { perTest: reached?.perTest ?? {}, isStatic }))) return;
    }
  },
  2 ** 31 - 1,
);
