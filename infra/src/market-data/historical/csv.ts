import { badData } from './faults.ts';

/** A row of a table by column name (lower case), with its line in the file, counted from 1. */
export type CsvRow = {
  readonly line: number;
  readonly field: (column: string) => string;
};

const mostLines = 100_000;

const splitFields = (line: string): readonly string[] =>
  line.split(',').map((field) => {
    const text = field.trim();
    return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
  });

/**
 * Reads a table of plain figures: a header line, then rows of as many fields. A byte order mark,
 * either line ending, blank lines and fields in quotation marks are tolerated; a comma inside
 * quotation marks is not, for no figure has one.
 * @throws MarketDataUnavailable with file and line
 */
export const readCsv = (
  file: string,
  text: string,
): { readonly columns: ReadonlySet<string>; readonly rows: readonly CsvRow[] } => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (lines.length > mostLines)
    throw badData(file, mostLines, `a file may have at most ${mostLines} lines`);
  const header = splitFields(lines[0] ?? '').map((name) => name.toLowerCase());
  const places = new Map(header.map((name, place) => [name, place]));
  if (places.size < header.length) throw badData(file, 1, 'two columns have one name');
  const rows: CsvRow[] = [];
  for (let i = 1; i < lines.length; i++) {
    const content = lines[i] ?? '';
    if (content.trim() === '') continue;
    const fields = splitFields(content);
    if (fields.length !== header.length)
      throw badData(
        file,
        i + 1,
        `has ${fields.length} fields where the header has ${header.length}`,
      );
    rows.push({ line: i + 1, field: (column) => fields[places.get(column) ?? -1] ?? '' });
  }
  return { columns: new Set(places.keys()), rows };
};
