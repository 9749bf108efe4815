import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/** Rooms of money, risk, orders and their views: what is wrong in them is wrong in the books. */
export const mutatedRooms = [
  'services/src/portfolio',
  'services/src/risk',
  'services/src/execution/session',
  'services/src/execution/venue',
  'projections/src/portfolio',
  'projections/src/execution',
  'contracts/src/kernel/money.ts',
  'contracts/src/portfolio/buying-power.ts',
  'contracts/src/portfolio/actions.ts',
  'contracts/src/portfolio/valuation.ts',
] as const;

/**
 * Not tried: sentences, which nothing rests on, and whole bodies, in which a smaller change survives
 * wherever a larger one would.
 */
const excludedMutations = [
  'StringLiteral',
  'BlockStatement',
  'ArrowFunction',
  'ObjectLiteral',
  'Regex',
];

type Place = { readonly line: number; readonly column: number };

/** One change of one file that a test should notice. Lines count from 0, columns too. */
export type Mutant = {
  /** By which it is switched on in the changed sources that were made with it. */
  readonly id: string;
  readonly file: string;
  readonly start: Place;
  readonly end: Place;
  readonly mutator: string;
  readonly replacement: string;
};

const isMutated = (file: string): boolean =>
  file.endsWith('.ts') &&
  !/\.test\.ts$|(^|\/)test-[a-z-]+\.ts$|\/fixtures\.ts$|\/index\.ts$/.test(file);

const filesOf = (root: string, room: string): readonly string[] =>
  room.endsWith('.ts')
    ? [room]
    : readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
        .map((name) => `${room}/${name.replaceAll('\\', '/')}`)
        .filter(isMutated)
        .sort();

const silent = () => undefined;
const quiet = {
  ...{ isTraceEnabled: () => false, isDebugEnabled: () => false, isInfoEnabled: () => false },
  ...{ isWarnEnabled: () => false, isErrorEnabled: () => false, isFatalEnabled: () => false },
  ...{ trace: silent, debug: silent, info: silent, warn: silent, error: silent, fatal: silent },
};

export type ChangedSources = {
  /** Sources that hold every change, none of them in force. */
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly mutants: readonly Mutant[];
};

/** Spaces stand where types stood: what is written out again with types is not always read as it was. */
const withoutTypes = (path: string): string => stripTypeScriptTypes(readFileSync(path, 'utf8'));

/** Every change that can be made in these rooms, file by file. */
export const mutantsIn = async (
  root: string,
  rooms: readonly string[],
): Promise<ChangedSources> => {
  const sources = rooms
    .flatMap((room) => filesOf(root, room))
    .map((name) => ({ name, content: withoutTypes(join(root, name)), mutate: true }));
  const { files, mutants } = await new Instrumenter(quiet).instrument(sources, {
    ...{ plugins: null, excludedMutations, ignorers: [], noHeader: false },
  });
  return {
    files,
    mutants: mutants
      .filter(({ status }) => status === undefined)
      .map(({ id, fileName, location, mutatorName, replacement }) => ({
        ...{ id, file: fileName, start: location.start, end: location.end },
        ...{ mutator: mutatorName, replacement },
      })),
  };
};

/** Where a mutant falls in the order of a seed: the same for the same seed, wherever it is drawn. */
const rank = (seed: string, { file, start, mutator, replacement }: Mutant): string =>
  createHash('sha256')
    .update(`${seed}\n${file}\n${start.line}:${start.column}\n${mutator}\n${replacement}`)
    .digest('hex');

const isWithin = (inner: Mutant, outer: Mutant): boolean =>
  inner.file === outer.file &&
  !isBefore(inner.start, outer.start) &&
  !isBefore(outer.end, inner.end);

const isBefore = (a: Place, b: Place): boolean =>
  a.line < b.line || (a.line === b.line && a.column < b.column);

/** So many of them, drawn by a seed: with one, those within it are tried as well and count. */
export const sampleOf = (
  mutants: readonly Mutant[],
  { count, seed }: { readonly count: number; readonly seed: string },
): readonly Mutant[] => {
  const drawn = new Set<Mutant>();
  const ranked = mutants
    .map((mutant) => [rank(seed, mutant), mutant] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, mutant] of ranked) {
    if (drawn.size >= count) break;
    for (const each of mutants) if (isWithin(each, mutant)) drawn.add(each);
  }
  return [...drawn];
};
