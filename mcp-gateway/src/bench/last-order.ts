import { beforeAll, type LogPosition } from '@sentinel/contracts/kernel';
import { openPostgresEventStore, type Payload } from '@sentinel/infra/event-store';
import { findEmbeddedPostgres } from '@sentinel/infra/postgres';
import { systemClock } from '@sentinel/infra/runtime';

const silent = { info: () => undefined, warn: () => undefined };
/** Far enough back to find an order among what venue and market have to say of others. */
const lookedThrough = 500n;

/** What the last order of a running program has appended before it was answered, to the byte. */
export const lastOrderOf = async (dataDir: string): Promise<readonly Payload[]> => {
  const found = await findEmbeddedPostgres(dataDir);
  if (found === undefined) throw new Error('no database runs under the program');
  const { connectionString } = found;
  const store = await openPostgresEventStore({
    ...{ connectionString, now: systemClock, log: silent, mode: 'read' },
  });
  try {
    const last = await store.lastPosition();
    const after = (last > lookedThrough ? last - lookedThrough : beforeAll) as LogPosition;
    const events = await store.readAll({ after, maxCount: Number(lookedThrough) });
    const submitted = events.findLastIndex(({ type }) => type === 'OrderSubmitted');
    const order = events.slice(Math.max(0, submitted - 1), submitted + 1);
    const types = order.map(({ type }) => type).join(' ');
    if (types !== 'RiskAssessed OrderSubmitted')
      throw new Error(`an order is not what it was taken for: ${types}`);
    return order.map(({ type, schemaVersion, data, metadata }) => ({
      type,
      schemaVersion,
      data,
      metadata,
    }));
  } finally {
    await store.close();
  }
};
