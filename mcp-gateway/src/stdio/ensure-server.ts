import { setTimeout as sleep } from 'node:timers/promises';
import { findServer } from './find-server.ts';
import { startServer } from './start-server.ts';

export type Ensured = { readonly ok: true } | { readonly ok: false; readonly sentence: string };

const pauseMs = 100;
/** Clients give a server a minute to answer; past this the tools themselves say that it is starting. */
const readyWithinMs = 45_000;
/** Another bridge may have started one at the same moment; its door opens within this time. */
const graceMs = 5_000;

const stranger = (address: string): Ensured => ({
  ok: false,
  sentence: `Something that is not Sentinel answers on ${address}: stop it, or set PORT to a free port for the server and for this bridge.`,
});

/**
 * Sees to it that a Sentinel answers on the address: finds it, or starts it and waits, at most
 * 45 seconds. `tell` takes a line for the person who reads the client's log.
 */
export const ensureServer = async (
  { address, dataDir }: { readonly address: string; readonly dataDir: string },
  tell: (line: string) => void,
): Promise<Ensured> => {
  const first = await findServer(address);
  if (first === 'serving') return { ok: true };
  if (first === 'stranger') return stranger(address);
  const started = first === 'nobody' ? startServer(dataDir) : undefined;
  if (started !== undefined) {
    tell(
      `Sentinel was not running: started it on ${address} as process ${started.processId}. It keeps running after this session.`,
    );
  }
  const begunMs = performance.now();
  let endedAtMs: number | undefined;
  while (performance.now() - begunMs < readyWithinMs) {
    await sleep(pauseMs);
    const found = await findServer(address);
    if (found === 'serving') return { ok: true };
    if (found === 'stranger') return stranger(address);
    const said = started?.ended();
    if (said === undefined || found === 'starting') continue;
    endedAtMs ??= performance.now();
    if (performance.now() - endedAtMs > graceMs) return { ok: false, sentence: said };
  }
  const last = await findServer(address);
  return last === 'starting' || last === 'serving'
    ? { ok: true }
    : {
        ok: false,
        sentence: `Sentinel did not open ${address} in time; ${dataDir}/console.log says more.`,
      };
};
