import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
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
  /** Its own certificate and key, as it was told them. */
  readonly pairFiles: { readonly TLS_CERT_FILE: string; readonly TLS_KEY_FILE: string };
  readonly stop: () => Promise<void>;
};

/** What this process dials over TLS is proved by this authority, too. */
const trust = (authority: string): void =>
  setDefaultCACertificates([...getCACertificates('default'), authority]);

const linkIn = (said: string): string | undefined =>
  /open this link once.*?(https:\S+)/.exec(said)?.[1];

/** Waits until the program prints the link. */
const printedLink = (child: ChildProcessByStdio<null, Readable, Readable>): Promise<string> => {
  let said = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const link = linkIn(said);
        if (link !== undefined) resolve(link);
      });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
};

/**
 * Starts it on a folder of its own, by the settings that a human would write, and on a database there unless
 * they name one. Its certificate holds for these names besides its own.
 */
export const startSecureProgramWith = async (
  environment: NodeJS.ProcessEnv,
  names: readonly string[] = [],
): Promise<SecureProgram> => {
  const base = new URL(`https://localhost:${await freePort()}`);
  // Where two are trusted, a client tells them apart by their names.
  const authority = testAuthority(`Test Root of ${base.port}`);
  const { cert, key } = authority.issue({ hosts: ['localhost', ...names] });
  trust(authority.certificate);
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-secure-'));
  // The account that runs the database passes through it.
  await chmod(folder, 0o711);
  const file = (name: string) => join(folder, name);
  const pairFiles = { TLS_CERT_FILE: file('cert.pem'), TLS_KEY_FILE: file('key.pem') };
  const authorityFile = file('authority.pem');
  await Promise.all([
    writeFile(authorityFile, authority.certificate),
    writeFile(pairFiles.TLS_CERT_FILE, cert),
    writeFile(pairFiles.TLS_KEY_FILE, key, { mode: 0o600 }),
  ]);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      ...process.env,
      // Of the test, and no setting.
      SENTINEL_PICTURES: undefined,
      ...{ PORT: base.port, SENTINEL_DATA_DIR: file('data'), SENTINEL_AUTH_ENABLED: 'true' },
      ...{ SENTINEL_PUBLIC_URL: base.origin, ...pairFiles, NODE_EXTRA_CA_CERTS: authorityFile },
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  return {
    ...{ base, authority, authorityFile, pairFiles, firstLink: await printedLink(child) },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** The same in a test, on a database of its own. */
export const startSecureProgram = async (
  environment: Readonly<Record<string, string>> = {},
  ...names: readonly string[]
): Promise<SecureProgram> => {
  const { connectionString: DATABASE_URL, drop } = await createTestDatabase();
  const program = await startSecureProgramWith({ DATABASE_URL, ...environment }, names);
  return {
    ...program,
    stop: async () => {
      await program.stop();
      await drop();
    },
  };
};
