import { editDistance } from '@sentinel/infra/runtime';
import { type Environment, envFileVariable } from './env-file.ts';
import { settings } from './schema.ts';

const names = Object.keys(settings);
const known = new Set(names);
/** Set by our own launcher and tests, not by people. */
const internal = new Set(['SENTINEL_TEST_DATABASE_URL', envFileVariable]);

export const isOurs = (name: string): boolean => known.has(name) || internal.has(name);

/** Letters that a slip may be away; fewer in short names, or HOME would pass for HOST. */
const nearWithin = 2;
const lettersPerSlip = 4;

/** The setting that a name probably means; undefined when none is near. */
export const nearestSetting = (name: string, within = nearWithin): string | undefined => {
  const [best] = names
    .map((setting) => ({ setting, far: editDistance(name.toUpperCase(), setting) }))
    .sort((a, b) => a.far - b.far);
  const most = Math.min(within, Math.floor(name.length / lettersPerSlip));
  return best !== undefined && best.far <= most ? best.setting : undefined;
};

const inFile = (name: string): string => {
  const meant = nearestSetting(name);
  return meant === undefined
    ? `${name} in .env is not a setting of Sentinel, and changes nothing; .env.example lists all.`
    : `${name} in .env is not a setting of Sentinel, and changes nothing: is ${meant} meant?`;
};

/**
 * What looks like a setting and is none. `.env` is ours, and so every name there is looked at; the
 * environment is everybody's, and so only what is near one of ours. Names that begin with SENTINEL_
 * are refused elsewhere.
 */
export const strangersIn = ({
  file,
  environment,
}: {
  readonly file: Environment;
  readonly environment: Environment;
}): readonly string[] => {
  const strange = (name: string) => !isOurs(name) && !name.startsWith('SENTINEL_');
  return [
    ...Object.keys(file).filter(strange).sort().map(inFile),
    ...Object.keys(environment)
      .filter((name) => strange(name) && !Object.hasOwn(file, name))
      .flatMap((name) => {
        const meant = nearestSetting(name);
        return meant === undefined
          ? []
          : [
              `${name} in the environment is not a setting of Sentinel, and changes nothing: is ${meant} meant?`,
            ];
      }),
  ];
};
