import { type Campaign, campaign } from './campaign.ts';
import { seededChance } from './chance.ts';
import { type KillKind, killKinds, planKills } from './kills.ts';
import { ChaosFailure } from './program.ts';

export type ChaosReport = {
  readonly counts: readonly (readonly [KillKind, number])[];
  readonly totals: readonly (readonly [string, string | number])[];
  /** Each a sentence; empty when the run has passed. */
  readonly violations: readonly string[];
  readonly campaigns: readonly Campaign[];
};

const sum = (campaigns: readonly Campaign[], of: (each: Campaign) => number): number =>
  campaigns.reduce((total, each) => total + of(each), 0);

const roundsOf = (campaigns: readonly Campaign[]) => campaigns.flatMap(({ rounds }) => rounds);

const totalsOf = (campaigns: readonly Campaign[]): ChaosReport['totals'] => {
  const rounds = roundsOf(campaigns);
  const ready = rounds.map(({ readyMs }) => readyMs).sort((a, b) => a - b);
  const median = ready[Math.floor(ready.length / 2)] ?? 0;
  return [
    ['orders sent', sum(campaigns, ({ told }) => told.keys.size)],
    ['orders acknowledged', sum(campaigns, ({ told }) => told.acknowledged.size)],
    ['of these denied', sum(campaigns, ({ denied }) => denied)],
    ['calls that repeated a key', rounds.reduce((total, { repeats }) => total + repeats, 0)],
    ['calls made again after a kill', rounds.reduce((total, { retried }) => total + retried, 0)],
    ['events', sum(campaigns, ({ log }) => log.length)],
    ['ready after a kill, median', `${Math.round(median)} ms`],
    ['ready after a kill, slowest', `${Math.round(ready.at(-1) ?? 0)} ms`],
  ];
};

/** Plays as many kills as asked for. Each of a first start has an empty folder of its own. */
export const runChaos = async (options: {
  readonly kills: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<ChaosReport> => {
  const { kills, seed, tell, signal } = options;
  const chance = seededChance(seed);
  const plan = planKills(kills, chance);
  const firsts = plan.filter((kind) => kind === 'first start');
  const others = plan.filter((kind) => kind !== 'first start');
  const kindsOfEach = [...firsts.map((kind) => [kind]), others].filter(({ length }) => length > 0);
  const campaigns: Campaign[] = [];
  const violations: string[] = [];
  for (const kinds of kindsOfEach) {
    try {
      const played = await campaign({ kinds, chance, tell, signal });
      campaigns.push(played);
      violations.push(...played.violations);
    } catch (error) {
      if (!(error instanceof ChaosFailure) && !signal.aborted) throw error;
      violations.push(error instanceof Error ? error.message : String(error));
    }
    if (violations.length > 0) break;
  }
  const played = roundsOf(campaigns);
  return {
    counts: killKinds.map((kind) => [kind, played.filter((each) => each.kind === kind).length]),
    totals: totalsOf(campaigns),
    violations,
    campaigns,
  };
};
