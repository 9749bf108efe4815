import type { Outcome } from '@sentinel/contracts/kernel';
import { accepted, refused } from '@sentinel/contracts/kernel';
import { type Environment, readEnvFile } from './env-file.ts';
import { type Config, configSchema, settings } from './schema.ts';
import { isOurs, nearestSetting, strangersIn } from './strangers.ts';

export type Settings = {
  /** What the environment sets, and what `.env` sets beside it. */
  readonly environment: Environment;
  /** Sentences about names that are probably slips; nothing is done by them. */
  readonly hints: readonly string[];
};

/** The settings as they were written, of `.env` and of the environment, which wins where both name one. */
const readSettings = (environment: Environment): Outcome<Settings, 'BAD_SETTING'> => {
  const file = readEnvFile(environment);
  if (!file.ok) return file;
  return accepted({
    environment: { ...file.value, ...environment },
    hints: strangersIn({ file: file.value, environment }),
  });
};

/** Settings that are proved, with the sentences about those that are none. */
export const readConfig = (
  environment: Environment,
): Outcome<Pick<Settings, 'hints'> & { readonly config: Config }, 'BAD_SETTING'> => {
  const read = readSettings(environment);
  if (!read.ok) return read;
  const parsed = parseConfig(read.value.environment);
  return parsed.ok ? accepted({ config: parsed.value, hints: read.value.hints }) : parsed;
};

/** Reads the settings from the environment, or says in one sentence which one is wrong and why. */
export const parseConfig = (environment: Environment): Outcome<Config, 'BAD_SETTING'> => {
  const stranger = Object.keys(environment).find(
    (name) => name.startsWith('SENTINEL_') && !isOurs(name),
  );
  if (stranger !== undefined) {
    const meant = nearestSetting(stranger, 3);
    return refused(
      'BAD_SETTING',
      `${stranger} is not a setting of Sentinel.${meant === undefined ? '' : ` Is ${meant} meant?`}`,
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
