import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Sha256 } from '@sentinel/contracts/kernel';

const root = join(import.meta.dirname, '..', '..', '..');
/** What decides: the vocabulary and the policies. Adapters and the gateway only carry. */
const deciding = ['contracts/src', 'services/src'];

/**
 * SHA-256 of the sources that decide, by path and content, tests aside. Recorded with every decision,
 * so that one made by other code can be told from one made by this.
 */
export const codeDigest = async (): Promise<Sha256> => {
  const folders = await Promise.all(
    deciding.map((folder) => readdir(join(root, folder), { recursive: true, withFileTypes: true })),
  );
  const files = folders
    .flat()
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const text = await readFile(file);
    hash.update(`${relative(root, file).replaceAll('\\', '/')}\0${text.byteLength}\0`).update(text);
  }
  return hash.digest('hex') as Sha256;
};
