import { readdir, readFile, readlink } from 'node:fs/promises';

export type PortOwner = { readonly pid: number; readonly command: string };

const listening = '0A';
const longestCommand = 160;

const isGone = (error: unknown): boolean =>
  ['ENOENT', 'EACCES', 'EPERM', 'ESRCH', 'ENOTDIR'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );

/** Processes come and go while one looks, and others' are closed to us: both count as empty. */
const unlessGone = async <Value>(read: Promise<Value>, empty: Value): Promise<Value> => {
  try {
    return await read;
  } catch (error) {
    if (isGone(error)) return empty;
    throw error;
  }
};

const socketsOn = async (port: number): Promise<ReadonlySet<string>> => {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => unlessGone(readFile(path, 'utf8'), '')),
  );
  const rows = tables.flatMap((table) => table.split('\n').map((row) => row.trim().split(/\s+/)));
  return new Set(
    rows
      .filter((row) => row[1]?.endsWith(`:${hex}`) === true && row[3] === listening)
      .map((row) => `socket:[${row[9]}]`),
  );
};

const holdsOne = async (pid: string, sockets: ReadonlySet<string>): Promise<boolean> => {
  for (const each of await unlessGone(readdir(`/proc/${pid}/fd`), []))
    if (sockets.has(await unlessGone(readlink(`/proc/${pid}/fd/${each}`), ''))) return true;
  return false;
};

/** Which process listens on a port of this machine; undefined where the system does not tell. */
export const portOwner = async (port: number): Promise<PortOwner | undefined> => {
  const sockets = await socketsOn(port);
  if (sockets.size === 0) return undefined;
  for (const pid of await unlessGone(readdir('/proc'), [])) {
    if (!/^\d+$/.test(pid) || !(await holdsOne(pid, sockets))) continue;
    const words = await unlessGone(readFile(`/proc/${pid}/cmdline`, 'utf8'), '');
    // Another program's words: nothing of them may steer a terminal.
    const command = words
      .replaceAll('\0', ' ')
      .replace(/[^\x20-\x7e]/g, '?')
      .trim();
    return { pid: Number(pid), command: command.slice(0, longestCommand) };
  }
  return undefined;
};
