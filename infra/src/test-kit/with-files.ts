import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Does something with a directory of such files, by name, which is gone afterwards. */
export const withFiles = async <Value>(
  files: Readonly<Record<string, string>>,
  work: (directory: string) => Promise<Value>,
): Promise<Value> => {
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-files-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
