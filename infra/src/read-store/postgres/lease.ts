import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease, ViewTable } from '@sentinel/contracts/kernel';
import pg from 'pg';
import { reaching } from './failures.ts';

export const swapChannel = 'sentinel_views_swapped';

const lockKey = 7_311_905_051;
const retryMs = 1_000;

/**
 * The lease is an advisory lock of a connection of its own: it ends with that connection, whatever
 * ends it. Asked for once a second while another holds it. `onSwapped` hears of every table that takes
 * the place of another, whichever process put it there.
 */
export const takeLease = (
  connectionString: string,
  signal: AbortSignal,
  onSwapped: (table: ViewTable) => void,
): Promise<Lease> =>
  reaching(async () => {
    const client = new pg.Client({
      connectionString,
      application_name: 'sentinel projector',
      connectionTimeoutMillis: 10_000,
      query_timeout: 10_000,
      keepAlive: true,
    });
    const lost = new AbortController();
    // A broken connection ends as well; the end is what counts.
    client.on('error', () => undefined);
    client.on('end', () => lost.abort());
    try {
      await client.connect();
      while (!(await tryLock(client))) await sleep(retryMs, undefined, { signal });
      signal.throwIfAborted();
      client.on('notification', ({ payload = '' }) => {
        const [view = '', generation] = payload.split(' ');
        onSwapped({ view, generation: Number(generation) });
      });
      await client.query(`listen ${swapChannel}`);
    } catch (error) {
      await client.end();
      throw signal.aborted ? signal.reason : error;
    }
    return { lost: lost.signal, release: () => client.end() };
  });

const tryLock = async (client: pg.Client): Promise<boolean> => {
  const { rows } = await client.query<{ taken: boolean }>(
    'select pg_try_advisory_lock($1) as taken',
    [lockKey],
  );
  return rows[0]?.taken === true;
};
