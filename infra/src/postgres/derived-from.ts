import pg from 'pg';

/** The first event of a log's control stream: no two logs have the same, and a log that was moved keeps it. */
export type LogMark = { readonly eventId: string };

/** Of which log the views, checkpoints and snapshots of a database are. */
export type DerivedFrom = {
  /** Undefined where nothing was derived yet, or by an older program. */
  readonly mark: LogMark | undefined;
  /** The position that a view or a workflow has come to, the farthest of them; 0 where none has. */
  readonly farthest: bigint;
};

const within = async <Value>(
  connectionString: string,
  look: (client: pg.Client) => Promise<Value>,
): Promise<Value> => {
  const client = new pg.Client({ connectionString, application_name: 'sentinel derived from' });
  // The query that was under way rejects as well; without a listener the event would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await look(client);
  } finally {
    await client.end();
  }
};

/** Of a database that `migrate` has prepared. */
export const derivedFrom = (connectionString: string): Promise<DerivedFrom> =>
  within(connectionString, async (client) => {
    const marks = await client.query<{ id: string }>(
      'select event_id as id from sentinel.derived_from',
    );
    const places = ['select position from sentinel.workflows'];
    const views = await client.query(
      "select 1 where to_regclass('sentinel.rm_checkpoints') is not null",
    );
    // A table that is being built is thrown away where it does not fit; what serves is what misleads.
    if (views.rows.length > 0)
      places.push("select position from sentinel.rm_checkpoints where state = 'serving'");
    const found = await client.query<{ farthest: string }>(
      `select coalesce(max(position), 0)::text as farthest from (${places.join(' union all ')}) p`,
    );
    const [mark] = marks.rows;
    return {
      mark: mark && { eventId: mark.id },
      farthest: BigInt(found.rows[0]?.farthest ?? '0'),
    };
  });

/** Says so once; what stands there already stays. */
export const markDerivedFrom = (connectionString: string, { eventId }: LogMark): Promise<void> =>
  within(connectionString, async (client) => {
    await client.query(
      'insert into sentinel.derived_from (event_id) values ($1) on conflict do nothing',
      [eventId],
    );
  });
