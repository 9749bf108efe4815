import { join } from 'node:path';
import { secretFile } from './secret-file.ts';

export const operatorKeyFile = (dataDir: string): string => join(dataDir, 'operator.key');

/** The key by which a human at this machine proves to be one; made at the first start, for the owner alone. */
export const operatorKey = (dataDir: string): Promise<string> =>
  secretFile(operatorKeyFile(dataDir));
