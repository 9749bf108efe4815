import { readFile } from 'node:fs/promises';
import { readConfig } from '@sentinel/infra/config';
import { z } from 'zod';
import { operatorKeyFile } from './operator-key.ts';

/** What ends an operator's command with one sentence. */
export class OperatorProblem extends Error {
  override readonly name = 'OperatorProblem';
}

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

/** @throws OperatorProblem when the settings are wrong, the key cannot be read, or Sentinel refuses */
export const openOperatorDoor = async (): Promise<OperatorDoor> => {
  const parsed = readConfig(process.env);
  if (!parsed.ok) throw new OperatorProblem(`${parsed.refusal.message} ${parsed.refusal.remedy}`);
  const { HOST, PORT, SENTINEL_DATA_DIR } = parsed.value.config;
  for (const hint of parsed.value.hints) process.stderr.write(`${hint}\n`);
  const key = await readKey(operatorKeyFile(SENTINEL_DATA_DIR));
  const address = `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;

  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(`${address}${path}`, { ...init, headers }).catch(
      (cause: unknown) => {
        throw new OperatorProblem(
          `No Sentinel answers on ${address}: start it, or set PORT to its port.`,
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
