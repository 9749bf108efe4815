import { askHealth, type Health } from './ask-health.ts';
import { readServerFile, type ServerFile } from './server-file.ts';

/** What is known of the server of a data folder. */
export type FoundServer =
  /** Nothing was written: none runs, or one that does not write the file. */
  | { readonly is: 'none' }
  /** A server was killed, and its file is left. */
  | { readonly is: 'stale'; readonly server: ServerFile }
  | { readonly is: 'running'; readonly server: ServerFile; readonly health: Health }
  | { readonly is: 'unclear'; readonly why: string };

/** Finds the server of a data folder: by its file, and then by asking whether it is the one that wrote it. */
export const findServer = async (dataDir: string): Promise<FoundServer> => {
  const read = await readServerFile(dataDir);
  if (read.is === 'none') return read;
  if (read.is === 'unreadable') return { is: 'unclear', why: read.why };
  const { file: server } = read;
  const answer = await askHealth(server.url);
  if (answer.is === 'silent')
    return {
      is: 'unclear',
      why: `${server.url}, which process ${server.pid} wrote down, takes the connection and does not answer`,
    };
  return answer.is === 'sentinel' && answer.health.instance === server.instance
    ? { is: 'running', server, health: answer.health }
    : { is: 'stale', server };
};
