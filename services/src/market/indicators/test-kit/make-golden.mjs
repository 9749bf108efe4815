// Makes golden.json from TA-Lib's own C code: node make-golden.mjs <folder of the unpacked npm talib 2.0.5>
// Needs gcc, and no network once `npm pack talib@2.0.5` was unpacked. TA-Lib is not kept here: it
// serves as a reference while developing, and its licence stays its own.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
const data = join(here, '../../../../../node_modules/vega-datasets/data/sp500-2000.csv');
const [talib] = process.argv.slice(2);
if (talib === undefined)
  throw new Error('Name the folder of the unpacked npm package talib 2.0.5.');

const text = readFileSync(data, 'utf8');
const rows = text
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number));
/** @param {number} index */
const column = (index) => Float64Array.from(rows, (row) => row[index] ?? Number.NaN);
const input = Buffer.concat(
  [Float64Array.of(rows.length), column(2), column(3), column(4)].map((each) =>
    Buffer.from(each.buffer),
  ),
);

const source = join(talib, 'src/lib/src');
/** @param {string} folder */
const sources = (folder) =>
  readdirSync(join(source, folder))
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(source, folder, name));

const folder = mkdtempSync(join(tmpdir(), 'golden-'));
try {
  const program = join(folder, 'golden');
  const include = ['src/lib/include', 'src/lib/src/ta_common', 'src/lib/src/ta_func'];
  execFileSync('gcc', [
    '-O2',
    '-w',
    ...include.map((each) => `-I${join(talib, each)}`),
    join(here, 'golden.c'),
    ...sources('ta_func'),
    ...sources('ta_common'),
    '-lm',
    '-o',
    program,
  ]);
  const made = execFileSync(program, { input, maxBuffer: 1 << 26 });
  const names = ['rsi14', 'atr14', 'adx14', 'ema20', 'ema50', 'upper20', 'middle20', 'lower20'];
  const bytes = rows.length * Float64Array.BYTES_PER_ELEMENT;
  const series = Object.fromEntries(
    names.map((name, i) => [name, made.subarray(i * bytes, (i + 1) * bytes).toString('base64')]),
  );
  const golden = {
    made: 'TA-Lib 0.4 as C source in npm talib 2.0.5, gcc -O2, on ^GSPC daily bars of npm vega-datasets sp500-2000.csv',
    dataSha256: createHash('sha256').update(text).digest('hex'),
    rows: rows.length,
    series,
  };
  writeFileSync(join(here, 'golden.json'), `${JSON.stringify(golden, null, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
