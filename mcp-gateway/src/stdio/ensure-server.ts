import { setTimeout as sleep } from 'node:timers/promises';
import { askHealth, findServer, isStarting } from '../running/index.ts';
import { startServer } from './start-server.ts';

/** Where it answers, or why none does. */
export type Ensured =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly sentence: string };

const pauseMs = 100;
/** Clients give a server a minute to answer; past this the tools themselves say that it is starting. */
const readyWithinMs = 45_000;
/** Another bridge may have started one at the same moment; its door opens within this time. */
const graceMs = 5_000;

const stranger = (address: string): Ensured => ({
  ok: false,
  sentence: `Something that is not Sentinel answers on ${address}: stop it, or set PORT to a free port for the server and for this bridge.`,
});

type Looked = {
  readonly is: 'nobody' | 'stranger' | 'starting' | 'serving';
  readonly address: string;
};

/** Looks where the data folder says that its server listens, else where one would be started. */
const look = async ({ address: settled, dataDir }: Place): Promise<Looked> => {
  const found = await findServer(dataDir);
  if (found.is === 'running') {
    const { server, health } = found;
    return { is: isStarting(health) ? 'starting' : 'serving', address: server.url };
  }
  const answer = await askHealth(settled);
  if (answer.is === 'nobody') return { is: 'nobody', address: settled };
  if (answer.is !== 'sentinel') return { is: 'stranger', address: settled };
  return { is: isStarting(answer.health) ? 'starting' : 'serving', address: settled };
};

type Place = {
  /** Where a server is started when none runs. */
  readonly address: string;
  readonly dataDir: string;
};

/**
 * Sees to it that a Sentinel answers: finds it by the data folder or on the address, or starts it and
 * waits, at most 45 seconds. `starting` is called once it is clear that none serves yet; `tell` takes a
 * line for the person who reads the client's log.
 */
export const ensureServer = async (
  place: Place,
  { starting, tell }: { readonly starting: () => void; readonly tell: (line: string) => void },
): Promise<Ensured> => {
  const { address, dataDir } = place;
  const first = await look(place);
  if (first.is === 'serving') return { ok: true, address: first.address };
  if (first.is === 'stranger') return stranger(first.address);
  starting();
  const started = first.is === 'nobody' ? startServer(dataDir) : undefined;
  if (started !== undefined) {
    tell(
      `Sentinel was not running: started it on ${address} as process ${started.processId}. It keeps running after this session.`,
    );
  }
  const begunMs = performance.now();
  let endedAtMs: number | undefined;
  while (performance.now() - begunMs < readyWithinMs) {
    await sleep(pauseMs);
    const found = await look(place);
    if (found.is === 'serving') return { ok: true, address: found.address };
    if (found.is === 'stranger') return stranger(found.address);
    const said = started?.ended();
    if (said === undefined || found.is === 'starting') continue;
    endedAtMs ??= performance.now();
    if (performance.now() - endedAtMs > graceMs) return { ok: false, sentence: said };
  }
  const last = await look(place);
  return last.is === 'starting' || last.is === 'serving'
    ? { ok: true, address: last.address }
    : {
        ok: false,
        sentence: `Sentinel did not open ${address} in time; ${dataDir}/console.log says more.`,
      };
};
