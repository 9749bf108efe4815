import { join } from 'node:path';
import type { Config } from '@sentinel/infra/config';
import { StartupError } from '@sentinel/infra/runtime';
import { secretFile } from '../secret-file.ts';

/** As many bytes as the digest that is made with it. */
const leastCharacters = 32;

/**
 * With what digests of keys are made: SENTINEL_MASTER_KEY, which all gateways of one log must share, or a
 * file of the data folder. With another pepper no key opens any more. @throws StartupError for an empty file
 */
export const keyPepper = async ({
  SENTINEL_MASTER_KEY: setting,
  SENTINEL_DATA_DIR: dataDir,
}: Pick<Config, 'SENTINEL_MASTER_KEY' | 'SENTINEL_DATA_DIR'>): Promise<string> => {
  if (setting !== undefined) return setting;
  const file = join(dataDir, 'keys.pepper');
  const pepper = await secretFile(file);
  // Whoever reads the log could make digests with nothing.
  if (pepper.length < leastCharacters)
    throw new StartupError(
      `The file ${file} is too short to be what Sentinel wrote: put it back from a copy, or remove it and issue all keys anew.`,
      { code: 'bad-pepper' },
    );
  return pepper;
};
