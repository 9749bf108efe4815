import type { Outcome } from '@sentinel/contracts/kernel';
import { accepted, refused } from '@sentinel/contracts/kernel';
import { type Config, configSchema, settings } from './schema.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const known = new Set(Object.keys(settings));
/** Set by our own launcher and tests, not by people. */
const ours = new Set(['SENTINEL_TEST_DATABASE_URL']);

/** Reads the settings from the environment, or says in one sentence which one is wrong and why. */
export const parseConfig = (environment: Environment): Outcome<Config, 'BAD_SETTING'> => {
  const stranger = Object.keys(environment).find(
    (name) => name.startsWith('SENTINEL_') && !known.has(name) && !ours.has(name),
  );
  if (stranger !== undefined) {
    return refused(
      'BAD_SETTING',
      `${stranger} is not a setting of Sentinel.`,
      'Remove it or correct its name; .env.example lists all.',
    );
  }
  const given = Object.fromEntries(
    Object.keys(settings).flatMap((name) => {
      const value = environment[name]?.trim();
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const parsed = configSchema.safeParse(given);
  if (parsed.success) return accepted(parsed.data);
  const [issue] = parsed.error.issues;
  return refused(
    'BAD_SETTING',
    `${issue?.path.join('.')} ${issue?.message}.`,
    'Correct it and start again; .env.example explains each setting.',
  );
};
