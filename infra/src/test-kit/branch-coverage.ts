import { type Profiler, Session } from 'node:inspector/promises';

/** Which blocks of some modules were run, as V8 counts them. */
export type BranchCoverage = {
  /** Forgets what was run until now. */
  readonly reset: () => Promise<void>;
  /** What was not run since the last reset, each as the module's name and the start of its text. */
  readonly missed: () => Promise<{
    /** Blocks, branches and inner functions of functions that were called. */
    readonly blocks: readonly string[];
    /** Functions that were not called. */
    readonly functions: readonly string[];
  }>;
  readonly stop: () => void;
};

type Range = Profiler.CoverageRange;

const told = 70;
/** The accessor by which the runner exports a name: no code of ours. */
const accessor = /^(\(\) => \{ try \{ return \w+ ?;? \} )?catch \{\}/;
const within = (inner: Range, outer: Range): boolean =>
  inner.startOffset >= outer.startOffset &&
  inner.endOffset <= outer.endOffset &&
  inner.endOffset - inner.startOffset < outer.endOffset - outer.startOffset;

/** The smallest function around a range that is not the module itself. */
const around = (range: Range, functions: readonly Range[]): Range | undefined =>
  functions
    .filter((outer) => outer.startOffset > 0 && within(range, outer))
    .sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset))[0];

/**
 * Counts from here on. Modules must be imported after this: what was compiled before is counted by
 * whole functions only. `covers` chooses modules by the end of their address.
 */
export const branchCoverage = async (covers: (url: string) => boolean): Promise<BranchCoverage> => {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Debugger.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

  const missedIn = async ({ scriptId, url, functions }: Profiler.ScriptCoverage) => {
    const { scriptSource } = await session.post('Debugger.getScriptSource', { scriptId });
    const tellAll = (ranges: readonly Range[]) =>
      ranges.map(tell).filter((text) => !accessor.test(text.slice(text.indexOf(': ') + 2)));
    const tell = ({ startOffset }: Range) =>
      `${url.split('/').slice(-2).join('/')}: ${scriptSource.slice(startOffset, startOffset + told).replace(/\s+/g, ' ')}`;
    const whole = functions.flatMap(({ ranges: [first] }) => (first === undefined ? [] : [first]));
    const uncalled = whole.filter(({ count, startOffset }) => count === 0 && startOffset > 0);
    const inner = functions.flatMap(({ ranges: [first, ...rest] }) =>
      first !== undefined && first.startOffset > 0 && first.count > 0 ? rest : [],
    );
    return {
      blocks: tellAll([
        ...inner.filter(({ count }) => count === 0),
        ...uncalled.filter((each) => (around(each, whole)?.count ?? 0) > 0),
      ]),
      functions: tellAll(uncalled),
    };
  };

  const take = async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return Promise.all(result.filter(({ url }) => covers(url)).map(missedIn));
  };
  return {
    reset: async () => void (await take()),
    missed: async () => {
      const modules = await take();
      return {
        blocks: modules.flatMap(({ blocks }) => blocks),
        functions: modules.flatMap(({ functions }) => functions),
      };
    },
    stop: () => session.disconnect(),
  };
};
