import pg from 'pg';
import { copyRows } from '../../postgres/index.ts';

const columns = [
  ...['position', 'stream', 'version', 'id', 'type', 'schema_version', 'data', 'metadata'],
  'recorded_at_us',
];
/** About 50 days in the first eight digits of an id that begins with its time. */
const idStep = 0x1_0000;
const dayUs = 86_400_000_000n;
const ids = /\b([0-9a-f]{8})(-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\b/g;

/** The same day once more for another account: own ids, streams, dates, in the same order. */
const again = (row: readonly string[], copy: number, place: number): readonly string[] => {
  const [, stream = '', version = '', id = '', type = '', schema = ''] = row;
  const [data = '', metadata = '', at = ''] = row.slice(6);
  const other = (text: string): string =>
    text
      .replaceAll(ids, (_, head: string, tail: string) => {
        const moved = Number.parseInt(head, 16) + copy * idStep;
        return `${moved.toString(16).padStart(8, '0')}${tail}`;
      })
      .replaceAll('session-paper-', `session-copy${copy}-`)
      .replaceAll('"account":"paper"', `"account":"copy${copy}"`);
  return [
    ...[`${place}`, other(stream), version, other(id), type, schema],
    ...[other(data), other(metadata), `${BigInt(at) + BigInt(copy) * dayUs}`],
  ];
};

/**
 * Makes a log of at least `size` events of one that holds a day: for a measurement, on a database that
 * no program has open. The day comes again for other accounts, behind it. Answers how many events stand there.
 */
export const multiplyLog = async (connectionString: string, size: number): Promise<number> => {
  const client = new pg.Client({ connectionString, application_name: 'sentinel bench' });
  await client.connect();
  try {
    const { rows: day } = await client.query<string[]>({
      text: `select ${columns.map((name) => `${name}::text`).join(', ')} from sentinel.events e order by e.position`,
      rowMode: 'array',
    });
    // What happened in sessions comes again; watchlist, limits and strategies are the house's, once.
    const traded = day.filter(([, stream]) => stream?.startsWith('session-'));
    for (let copy = 1, last = day.length; last < size; copy++, last += traded.length) {
      const rows = traded.map((row, index) => again(row, copy, last + index + 1));
      await client.query('begin');
      await copyRows(client, { table: 'sentinel.events', columns }, rows);
      await client.query('commit');
    }
    const counted = await client.query<{ n: string }>('select count(*) as n from sentinel.events');
    return Number(counted.rows[0]?.n);
  } finally {
    await client.end();
  }
};
