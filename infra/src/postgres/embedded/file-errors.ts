import { StartupError } from '../../runtime/index.ts';

/** The code of an operating-system error, such as "ENOENT"; empty for any other error. */
export const codeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
};

/** A catch that answers `value` for the one error that is no trouble, and passes on all others. */
export const unless =
  <Value>(code: string, value: Value) =>
  (error: unknown): Value => {
    if (codeOf(error) === code) return value;
    throw error;
  };

/** Whether PostgreSQL's own words say that there is no room left. */
export const saysDiskFull = (output: string): boolean =>
  /No space left on device|Disk quota exceeded|wrote only \d+ of \d+ bytes/.test(output);

export const diskFull = (folder: string, cause?: unknown): StartupError =>
  new StartupError(
    `The disk that holds ${folder} is full: free some space there, or set SENTINEL_DATA_DIR to a folder on another disk.`,
    { code: 'disk-full', cause },
  );

/** The same of a database of which the folder is not known here. */
export const databaseDiskFull = (cause: unknown): StartupError =>
  new StartupError(
    'The disk that holds the database is full: free some space there and start Sentinel again.',
    { code: 'disk-full', cause },
  );

export const unusable = (folder: string, why: string, cause?: unknown): StartupError =>
  new StartupError(
    `The data folder ${folder} cannot be used (${why}): make it writable for the user that runs Sentinel, or set SENTINEL_DATA_DIR to another folder.`,
    { code: 'data-dir-unusable', cause },
  );

/** Turns what the file system refused into the sentence that a human can act on. */
export const explainFileError = (folder: string, error: unknown): unknown => {
  if (error instanceof StartupError) return error;
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, error);
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENAMETOOLONG', 'ELOOP'].includes(code)) {
    return unusable(folder, code, error);
  }
  return error;
};
