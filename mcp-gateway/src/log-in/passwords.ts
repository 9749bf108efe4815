import { randomBytes, scrypt } from 'node:crypto';
import type { AccessStore } from '@sentinel/contracts/access';
import { z } from 'zod';
import { newSecret, sameText } from './secrets.ts';

const kind = 'Password';
const failures = 'FailedLogIn';
const shortest = 14;
const longest = 200;
/** Rounds of scrypt: 64 MiB, and some tenths of a second for each try. */
const usualRounds = 2 ** 16;
/** Wrong ones in a quarter of an hour, of all who try; then nobody gets in by a password for a while. */
const mostFailures = 5;
const failureSeconds = 900;

const keptSchema = z.strictObject({ salt: z.string(), hash: z.string() });

const hashOf = (password: string, salt: string, N: number): Promise<string> =>
  new Promise((done, fail) =>
    scrypt(
      password.normalize('NFKC'),
      Buffer.from(salt, 'base64url'),
      32,
      { N, r: 8, p: 1, maxmem: N * 2048 },
      (error, key) => (error === null ? done(key.toString('base64url')) : fail(error)),
    ),
  );

const rule = `A password has ${shortest} to ${longest} characters.`;
const isLongEnough = ({ length }: string): boolean => length >= shortest && length <= longest;

export type Passwords = {
  /** What a password must be, as a sentence. */
  readonly rule: string;
  readonly isLongEnough: (password: string) => boolean;
  /** The same sentence where it is none; undefined once it is kept. */
  readonly set: (principal: string, password: string) => Promise<string | undefined>;
  readonly check: (principal: string, password: string) => Promise<'right' | 'wrong' | 'too many'>;
};

/** Only where no passkey can be: a browser takes those over HTTPS or at localhost alone. */
export const passwords = (store: AccessStore, rounds = usualRounds): Passwords => ({
  ...{ rule, isLongEnough },
  set: async (principal, password) => {
    if (!isLongEnough(password)) return rule;
    const salt = randomBytes(16).toString('base64url');
    const payload = { salt, hash: await hashOf(password, salt, rounds) };
    await store.put({ kind, id: principal, payload, ttlSeconds: null, family: null, alias: null });
    return undefined;
  },
  check: async (principal, password) => {
    if ((await store.count(failures)) >= mostFailures) return 'too many';
    const found = await store.find(kind, principal);
    const { salt, hash } =
      found === undefined ? { salt: '', hash: '' } : keptSchema.parse(found.payload);
    // As long for a name that there is none of.
    const given = await hashOf(password.slice(0, longest), salt, rounds);
    if (found !== undefined && sameText(given, hash)) return 'right';
    const record = { payload: null, ttlSeconds: failureSeconds, family: null, alias: null };
    await store.put({ ...record, kind: failures, id: newSecret() });
    return 'wrong';
  },
});
