import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** Lines that are sent together: one at a time costs more than the copying does. */
const linesPerChunk = 200;

const special = /[\\\n\r\t]/;
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const cell = (value: string | null): string => {
  if (value === null) return '\\N';
  return special.test(value)
    ? value.replaceAll(/[\\\n\r\t]/g, (found) => escapes[found] ?? found)
    : value;
};

function* chunksOf(rows: Iterable<readonly (string | null)[]>): Generator<Buffer> {
  let lines: string[] = [];
  for (const row of rows) {
    lines.push(row.map(cell).join('\t'));
    if (lines.length < linesPerChunk) continue;
    yield Buffer.from(`${lines.join('\n')}\n`);
    lines = [];
  }
  if (lines.length > 0) yield Buffer.from(`${lines.join('\n')}\n`);
}

/** Brings rows into a table by COPY, which takes them several times as fast as INSERT. */
export const copyRows = async (
  client: ClientBase,
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  rows: Iterable<readonly (string | null)[]>,
): Promise<void> =>
  pipeline(
    Readable.from(chunksOf(rows)),
    client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`)),
  );
