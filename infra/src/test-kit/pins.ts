import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { canonicalJson } from '@sentinel/contracts/kernel';
import { sha256 } from '../runtime/index.ts';

type Pinned = { readonly [version: string]: { readonly [name: string]: string } };

/** What each version of something that decides says of each case, in a file beside its tests. */
export type Pins = {
  readonly of: (version: string) => Readonly<Record<string, string>>;
  /** Digest of all that is pinned for a version: a version that decides no more is sealed by it. */
  readonly sealOf: (version: string) => string;
  /**
   * What `results` says and the file does not. With PIN=add in the environment these are added to the
   * file instead; what stands there is never changed.
   */
  readonly missing: (
    version: string,
    results: Readonly<Record<string, string>>,
  ) => readonly string[];
};

export const pinsIn = (file: string): Pins => {
  const read = (): Pinned =>
    existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Pinned) : {};
  const of: Pins['of'] = (version) => read()[version] ?? {};
  return {
    of,
    sealOf: (version) => sha256(canonicalJson(of(version))),
    missing: (version, results) => {
      const pinned = of(version);
      const missing = Object.keys(results).filter((name) => !Object.hasOwn(pinned, name));
      if (missing.length === 0 || process.env.PIN !== 'add') return missing;
      const whole = { ...read(), [version]: { ...results, ...pinned } };
      writeFileSync(file, `${JSON.stringify(whole, null, 2)}\n`);
      return [];
    },
  };
};
