import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@sentinel/infra/runtime';
import { retryUnanswered, type Stream } from './callers.ts';
import type { Chance } from './chance.ts';
import { type KillKind, killPostmaster } from './kills.ts';
import { openLedger } from './ledger.ts';
import { becomesReady, ChaosFailure, type Program, postmasterOf, startProgram } from './program.ts';
import { playRound, type Round, readyWithinMs, stopInOrder, stopUnderOrders } from './round.ts';
import { toldBy, type Verified, verify, verifyRebuild } from './verify.ts';
import type { Told } from './verify-log.ts';

const lastRetryMs = 60_000;

export type Campaign = Verified & {
  readonly told: Told;
  readonly denied: number;
  readonly rounds: readonly (Round & { readonly kind: KillKind })[];
};

export type CampaignOptions = {
  readonly kinds: readonly KillKind[];
  readonly chance: Chance;
  readonly tell: (line: string) => void;
  /** Ends the campaign after the round under way. */
  readonly signal: AbortSignal;
};

/** A folder that also PostgreSQL's user can reach. */
const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `sentinel-chaos-${process.pid}-`));
  await chmod(folder, 0o711);
  return folder;
};

/** Stops in order under orders, and starts once more: an orderly end loses nothing either. */
const finish = async (program: Program, stream: Stream): Promise<Program> => {
  await stopUnderOrders(program, stream);
  if ((await postmasterOf(stream.site)) !== undefined)
    throw new ChaosFailure('it stopped and left its database running');
  const last = startProgram(stream.site);
  await becomesReady(last, stream.site, readyWithinMs);
  await retryUnanswered(stream, lastRetryMs);
  return last;
};

/** Whatever is left of a campaign that failed half-way ends with it. */
const clear = async (program: Program | undefined, site: Stream['site']): Promise<void> => {
  if (program?.ended() === undefined) await program?.kill();
  await killPostmaster(site);
  // What was killed lets go of its files within moments.
  await sleep(100);
  await rm(site.dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
};

/**
 * Kills one Sentinel again and again, on a data folder of its own, and verifies everything after each
 * kill and at the end. @throws ChaosFailure when it does not come back by itself
 */
export const campaign = async (options: CampaignOptions): Promise<Campaign> => {
  const { kinds, chance, tell, signal } = options;
  const site = { dataDir: await makeFolder(), port: await freePort() };
  const ledger = openLedger();
  const stream: Stream = { site, ledger, chance };
  const rounds: Campaign['rounds'][number][] = [];
  let program: Program | undefined;
  try {
    if (kinds[0] !== 'first start') {
      program = startProgram(site);
      await becomesReady(program, site, readyWithinMs);
    }
    let verified: Verified | undefined;
    for (const kind of kinds) {
      signal.throwIfAborted();
      const round = await playRound(kind, program, stream);
      program = round.program;
      rounds.push({ ...round, kind });
      const begin = performance.now();
      verified = await verify(site, ledger);
      tell(
        `${kind}: ready in ${Math.round(round.readyMs)} ms, ${round.retried} retried, ${ledger.acknowledged().size} of ${ledger.sent()} orders acknowledged, ${verified.log.length} events verified in ${Math.round(performance.now() - begin)} ms`,
      );
      if (verified.violations.length > 0) break;
    }
    if (program === undefined) throw new ChaosFailure('a campaign without a kill');
    const denied = () => [...ledger.acknowledged().values()].filter((each) => each.denied).length;
    if (verified !== undefined && verified.violations.length > 0)
      return { ...verified, told: toldBy(ledger), denied: denied(), rounds };
    program = await finish(program, stream);
    verified = await verify(site, ledger);
    const violations = [...verified.violations, ...(await verifyRebuild(site))];
    await stopInOrder(program);
    return { log: verified.log, violations, told: toldBy(ledger), denied: denied(), rounds };
  } finally {
    await clear(program, site);
  }
};
