import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';

/** A file that may hold bars, wherever it lay. */
export type Source = {
  /** For people: the path, and what it held inside. */
  readonly name: string;
  /** The innermost file's own name, by which the symbol may be told. */
  readonly file: string;
  readonly bytes: Uint8Array;
};

/** Something that was named and cannot be read, with the mend. */
export type Unread = { readonly name: string; readonly problem: string };

/** A file on the disk, not yet read. */
export type Found = { readonly path: string; readonly size: number };

const mostFiles = 20_000;
const mostDepth = 8;
/** What a packed file may come to: more is a mistake or a trap. */
const mostBytes = 1_500_000_000;
const mostEntries = 20_000;

const binaries =
  /\.(parquet|feather|arrow|h5|hdf5?|xlsx?|pkl|pickle|db|sqlite|7z|rar|bz2|xz|zst)$/i;
const notBars = /^\.|\.(md|pdf|png|jpe?g|html?|py|ipynb|dbn)$|^import-report\./i;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** All files under the named paths, in the order of their names. Links are not followed in folders. */
export const findSources = async (
  paths: readonly string[],
): Promise<{ readonly found: readonly Found[]; readonly unread: readonly Unread[] }> => {
  const found: Found[] = [];
  const unread: Unread[] = [];
  const walk = async (path: string, depth: number): Promise<void> => {
    if (found.length >= mostFiles) return;
    const entries = [...(await readdir(path, { withFileTypes: true }))].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
    for (const entry of entries) {
      const inner = join(path, entry.name);
      if (notBars.test(entry.name)) continue;
      if (entry.isDirectory() && depth < mostDepth) await walk(inner, depth + 1);
      else if (entry.isFile()) found.push({ path: inner, size: (await stat(inner)).size });
    }
  };
  for (const path of paths) {
    try {
      const about = await stat(path);
      if (about.isDirectory()) await walk(path, 0);
      else found.push({ path, size: about.size });
    } catch (error) {
      unread.push({ name: path, problem: `cannot be read: ${textOf(error)}` });
    }
  }
  if (found.length >= mostFiles)
    unread.push({ name: paths.join(' '), problem: `holds more than ${mostFiles} files` });
  return { found, unread };
};

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

type Opened = { readonly sources: readonly Source[]; readonly unread: readonly Unread[] };

const unzipped = (outer: Source): Opened => {
  let [total, entries] = [0, 0];
  const files = unzipSync(outer.bytes, {
    filter: ({ name, originalSize }) => {
      const wanted =
        !name.endsWith('/') && !notBars.test(basename(name)) && !/^__MACOSX/.test(name);
      if (!wanted) return false;
      total += originalSize;
      entries++;
      if (total > mostBytes || entries > mostEntries)
        throw new RangeError(`holds more than ${mostBytes} bytes or ${mostEntries} files`);
      return true;
    },
  });
  const opened = Object.entries(files).map(([name, bytes]) =>
    unpack({ name: `${outer.name} › ${name}`, file: basename(name), bytes }, true),
  );
  return {
    sources: opened.flatMap(({ sources }) => sources),
    unread: opened.flatMap(({ unread }) => unread),
  };
};

/** What a file holds, unpacked; a packed file inside a zip is opened, one inside that is not. */
const unpack = (source: Source, isInside: boolean): Opened => {
  try {
    if (isGzip(source.bytes)) {
      const bytes = gunzipSync(source.bytes, { maxOutputLength: mostBytes });
      return {
        sources: [{ ...source, file: source.file.replace(/\.gz$/i, ''), bytes }],
        unread: [],
      };
    }
    if (isZip(source.bytes) && !isInside && !binaries.test(source.file)) return unzipped(source);
  } catch (error) {
    return {
      sources: [],
      unread: [{ name: source.name, problem: `cannot be unpacked: ${textOf(error)}` }],
    };
  }
  if (binaries.test(source.file) || isZip(source.bytes))
    return { sources: [], unread: [{ name: source.name, problem: 'is no text: save it as CSV' }] };
  return { sources: [source], unread: [] };
};

/** Reads one file and what is packed in it. */
export const openSource = async ({ path, size }: Found): Promise<Opened> => {
  if (size > mostBytes)
    return { sources: [], unread: [{ name: path, problem: `is larger than ${mostBytes} bytes` }] };
  try {
    return unpack({ name: path, file: basename(path), bytes: await readFile(path) }, false);
  } catch (error) {
    return { sources: [], unread: [{ name: path, problem: `cannot be read: ${textOf(error)}` }] };
  }
};
