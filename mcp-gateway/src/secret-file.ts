import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const secretBytes = 32;

/** 256 random bits in a file that its owner alone can read: made when it is asked for first, and kept. */
export const secretFile = async (file: string): Promise<string> => {
  await mkdir(dirname(file), { recursive: true });
  // Written beside and linked whole: a start that is killed here leaves no half of a secret.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, randomBytes(secretBytes).toString('base64url'), { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await chmod(file, 0o600);
  } finally {
    await unlink(draft);
  }
  return (await readFile(file, 'utf8')).trim();
};
