import { readExcused, verdictOn, wordsOf } from './survivors.ts';
import { type Result, triedIn } from './tried.ts';

/** Names a survivor as soon as it has survived: the whole takes hours, and some of it can be used before. */
class AsFound {
  readonly #excused = readExcused();

  onMutantTested(result: Result): void {
    const tried = triedIn(process.cwd(), result);
    if (verdictOn([tried], this.#excused).unexcused === 0) return;
    process.stdout.write(`${wordsOf(tried)}\n`);
  }
}

/** Stryker loads its reporters from files like this one. */
export const strykerPlugins = [
  { kind: 'Reporter', name: 'as-found', injectableClass: AsFound },
] as const;
