import { readFile } from 'node:fs/promises';
import type { Config } from '@sentinel/infra/config';
import { z } from 'zod';
import { operatorKeyFile } from './operator-key.ts';
import { OperatorProblem } from './operator-problem.ts';
import { addressOf, findServer } from './running/index.ts';
import { settingsOfCommand } from './settings-of-command.ts';

/** The way for a person at the machine to the running program, opened with the key that lies beside its data. */
export type OperatorDoor = {
  readonly get: (path: string) => Promise<Response>;
  readonly post: (path: string, body?: object) => Promise<Response>;
};

const refusalSchema = z.object({ error: z.string() });

const readKey = async (file: string): Promise<string> => {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new OperatorProblem(
      `The operator's key ${file} cannot be read: run this as the account that runs Sentinel, with the same SENTINEL_DATA_DIR.`,
      { cause },
    );
  }
};

/** Where the data folder says that its server listens; where nothing is written, where the settings say. */
const whereItAnswers = async (config: Config): Promise<string> => {
  const found = await findServer(config.SENTINEL_DATA_DIR);
  if (found.is === 'running') return found.server.url;
  if (found.is === 'none') return addressOf(config);
  throw new OperatorProblem(
    found.is === 'stale'
      ? `No Sentinel runs on the data folder ${config.SENTINEL_DATA_DIR}: process ${found.server.pid} ended without saying so. Start it with "npm start".`
      : `Whether a Sentinel runs on the data folder ${config.SENTINEL_DATA_DIR} is not clear: ${found.why}.`,
  );
};

/** @throws OperatorProblem when the settings are wrong, the key cannot be read, or Sentinel refuses */
export const openOperatorDoor = async (): Promise<OperatorDoor> => {
  const config = settingsOfCommand(process.env);
  const key = await readKey(operatorKeyFile(config.SENTINEL_DATA_DIR));
  const address = await whereItAnswers(config);

  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(`${address}${path}`, { ...init, headers }).catch(
      (cause: unknown) => {
        throw new OperatorProblem(
          `No Sentinel answers on ${address}: start it, or set SENTINEL_DATA_DIR to its data folder.`,
          { cause },
        );
      },
    );
    if (response.ok) return response;
    const refusal = refusalSchema.safeParse(await response.json().catch(() => undefined));
    throw new OperatorProblem(
      refusal.success ? refusal.data.error : `Sentinel answered ${response.status}.`,
    );
  };

  return {
    get: (path) => ask(path, { method: 'GET' }),
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body ?? {}) }),
  };
};
