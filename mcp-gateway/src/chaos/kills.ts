import type { Chance } from './chance.ts';
import { type Program, postmasterOf, type Site } from './program.ts';

/**
 * What dies: the program alone, which orphans its database; both; the database alone, under a program
 * that lives; the program while it starts on data that is there, and while it sets up an empty folder.
 */
export const killKinds = ['first start', 'start-up', 'node', 'postmaster', 'both'] as const;
export type KillKind = (typeof killKinds)[number];

/** Ten kills of a long run, in the shares in which they come. */
const deck: readonly KillKind[] = [
  'node',
  'both',
  'postmaster',
  'start-up',
  'node',
  'both',
  'start-up',
  'postmaster',
  'node',
  'both',
];
/** One kill in so many meets the folder before it holds data. */
const firstStartOneIn = 16;

/** The kills of a run: those of the first start in front, the others shuffled ten at a time. */
export const planKills = (count: number, chance: Chance): readonly KillKind[] => {
  const first = Math.min(count, Math.ceil(count / firstStartOneIn));
  const plan: KillKind[] = Array.from({ length: first }, () => 'first start');
  while (plan.length < count) {
    const next = deck.slice(0, count - plan.length);
    plan.push(...chance.shuffled(next));
  }
  return plan;
};

/** SIGKILL to the postmaster of this site, if one runs; the pid is its own data folder's. */
export const killPostmaster = async (site: Site): Promise<void> => {
  const postmaster = await postmasterOf(site);
  if (postmaster !== undefined) process.kill(postmaster.pid, 'SIGKILL');
};

/** Kills both at once, in either order. */
export const killBoth = async (program: Program, site: Site, chance: Chance): Promise<void> => {
  if (chance.below(2) === 0) {
    const killed = program.kill();
    await killPostmaster(site);
    await killed;
  } else {
    await killPostmaster(site);
    await program.kill();
  }
};
