import pg from 'pg';
import { copyRows } from '../postgres/index.ts';

type Cells = readonly (string | null)[];

const pageSize = 5_000;

/** Milliseconds that plain COPY takes for all rows of one table, into an empty one of the same form. */
const copyOf = async (client: pg.Client, table: string) => {
  const copy = `sentinel.bench_${table}`;
  await client.query(`create table ${copy} (like sentinel.${table} including indexes)`);
  let [ms, rows, after] = [0, 0, ''];
  for (let full = true; full; ) {
    const page = await client.query<Cells[number][]>({
      text: `select * from sentinel.${table} where key > $1 order by key limit $2`,
      values: [after, pageSize],
      rowMode: 'array',
      types: { getTypeParser: () => (value: string) => value },
    });
    const columns = page.fields.map(({ name }) => name);
    const begin = performance.now();
    await copyRows(client, { table: copy, columns }, page.rows);
    ms += performance.now() - begin;
    rows += page.rows.length;
    after = page.rows.at(-1)?.[0] ?? after;
    full = page.rows.length === pageSize;
  }
  await client.query(`drop table ${copy}`);
  return { ms, rows };
};

/** What plain COPY of the rows of every view that serves takes: the floor of a rebuild. */
export const measureCopy = async (
  connectionString: string,
): Promise<{ readonly ms: number; readonly rows: number }> => {
  const client = new pg.Client({ connectionString, application_name: 'sentinel bench' });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select 'rm_' || view || '_v' || generation as name from sentinel.rm_checkpoints
       where state = 'serving' order by view`,
    );
    let [ms, rows] = [0, 0];
    for (const { name } of tables) {
      const copied = await copyOf(client, name);
      ms += copied.ms;
      rows += copied.rows;
    }
    return { ms, rows };
  } finally {
    await client.end();
  }
};
