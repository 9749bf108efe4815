/** An event as a line of an export has it; `data` is the text as it stands there. */
export type ExportedEvent = {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: string;
};

/** The fields of a CSV text (RFC 4180), line by line. */
const rowsOf = (text: string): readonly (readonly string[])[] => {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g,
  )) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
};

/** The events of an export of the log. @throws Error where it is none */
export const readExport = (text: string): readonly ExportedEvent[] => {
  const [head, ...rows] = rowsOf(text);
  const at = (name: string): number => {
    const index = head?.indexOf(name) ?? -1;
    if (index < 0) throw new Error(`It has no column ${name}: it is no export of events.`);
    return index;
  };
  const [id, type] = [at('event_id'), at('type')];
  const [version, data] = [at('schema_version'), at('data')];
  return rows.map((row) => ({
    ...{ id: row[id] ?? '', type: row[type] ?? '' },
    ...{ schemaVersion: Number(row[version]), data: row[data] ?? '' },
  }));
};
