import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const keyBytes = 32;

export const operatorKeyFile = (dataDir: string): string => join(dataDir, 'operator.key');

/** The key by which a human at this machine proves to be one; made at the first start, for the owner alone. */
export const operatorKey = async (dataDir: string): Promise<string> => {
  const file = operatorKeyFile(dataDir);
  await mkdir(dataDir, { recursive: true });
  // Written beside and linked whole: a start that is killed here leaves no half of a key.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, randomBytes(keyBytes).toString('base64url'), { mode: 0o600 });
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
