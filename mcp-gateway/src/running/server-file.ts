import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const serverFileSchema = z.object({
  /** Said by the health address, too: an address and a process id are used again by others. */
  instance: z.string(),
  pid: z.int().positive(),
  port: z.int(),
  url: z.url(),
  started_at: z.string(),
  version: z.string(),
});
/** What a server writes into its data folder while it listens. */
export type ServerFile = z.output<typeof serverFileSchema>;

export const serverFilePath = (dataDir: string): string => join(dataDir, 'server.json');

export type ReadServerFile =
  | { readonly is: 'none' }
  | { readonly is: 'there'; readonly file: ServerFile }
  | { readonly is: 'unreadable'; readonly why: string };

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

export const readServerFile = async (dataDir: string): Promise<ReadServerFile> => {
  const path = serverFilePath(dataDir);
  try {
    const parsed = serverFileSchema.safeParse(jsonOf(await readFile(path, 'utf8')));
    return parsed.success
      ? { is: 'there', file: parsed.data }
      : { is: 'unreadable', why: `${path} is not what a server writes` };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { is: 'none' }
      : { is: 'unreadable', why: `${path} cannot be read (${code})` };
  }
};

/** Written beside and renamed: who reads it reads all of it. */
export const writeServerFile = async (dataDir: string, file: ServerFile): Promise<void> => {
  const path = serverFilePath(dataDir);
  const draft = `${path}.${file.pid}`;
  await writeFile(draft, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
};

/** Removes the file of this instance, and no other's. */
export const removeServerFile = async (
  dataDir: string,
  { instance }: Pick<ServerFile, 'instance'>,
): Promise<void> => {
  const found = await readServerFile(dataDir);
  if (found.is === 'there' && found.file.instance === instance)
    await rm(serverFilePath(dataDir), { force: true });
};
