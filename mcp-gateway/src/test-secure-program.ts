import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createTestDatabase } from '@sentinel/infra/postgres';
import { freePort } from '@sentinel/infra/runtime';
import { type TestAuthority, testAuthority } from '@sentinel/infra/test-kit';

/** The program itself over HTTPS, as strangers meet it: they log in, or get nothing. */
export type SecureProgram = {
  /** Where it is found; its certificate holds for this name. */
  readonly base: URL;
  /** The address that it printed for the first human. */
  readonly firstLink: string;
  /** By whose certificate its own is proved, and a file of that. */
  readonly authority: TestAuthority;
  readonly authorityFile: string;
  readonly said: () => string;
  readonly stop: () => Promise<void>;
};

/** What this process dials over TLS is proved by this authority, too. */
const trust = (authority: string): void =>
  setDefaultCACertificates([...getCACertificates('default'), authority]);

const linkIn = (said: string): string | undefined =>
  /open this link once.*?(https:\S+)/.exec(said)?.[1];

/**
 * Starts it on a database and a folder of its own, by the settings that a human would write. Its certificate
 * holds for these names besides its own.
 */
export const startSecureProgram = async (
  environment: Readonly<Record<string, string>> = {},
  ...names: readonly string[]
): Promise<SecureProgram> => {
  const base = new URL(`https://localhost:${await freePort()}`);
  // Where two are trusted, a client tells them apart by their names.
  const authority = testAuthority(`Test Root of ${base.port}`);
  const { cert, key } = authority.issue({ hosts: ['localhost', ...names] });
  trust(authority.certificate);
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-secure-'));
  const file = (name: string) => join(folder, name);
  await Promise.all([
    writeFile(file('authority.pem'), authority.certificate),
    writeFile(file('cert.pem'), cert),
    writeFile(file('key.pem'), key),
  ]);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      ...process.env,
      // Of the test, and no setting.
      SENTINEL_PICTURES: undefined,
      ...{ PORT: base.port, SENTINEL_DATA_DIR: file('data'), SENTINEL_AUTH_ENABLED: 'true' },
      ...{ SENTINEL_PUBLIC_URL: base.origin, DATABASE_URL: database.connectionString },
      ...{ TLS_CERT_FILE: file('cert.pem'), TLS_KEY_FILE: file('key.pem') },
      NODE_EXTRA_CA_CERTS: file('authority.pem'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = once(child, 'exit');
  const firstLink = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const link = linkIn(said);
        if (link !== undefined) resolve(link);
      });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
  return {
    ...{ base, firstLink, authority, said: () => said },
    authorityFile: file('authority.pem'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
