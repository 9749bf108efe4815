import { type LogPosition, type ReadStore, ReadStoreUnavailable } from '@sentinel/contracts/kernel';
import { readPage, waitMs } from '../kernel/index.ts';
import { type StrategyRow, strategies } from '../strategy/index.ts';

const pageSize = 100;
/** More strategies than this of one type are a list that nobody meant to have. */
const mostPages = 100;

/**
 * Which strategies there are of a type, and which of them a request is about, with everything that
 * stood in the log up to `atLeast`. @throws ReadStoreUnavailable, ViewParked
 */
export const strategyIndex = (readStore: ReadStore) => {
  const find = async (
    where: Readonly<Record<string, string>>,
    atLeast: LogPosition,
  ): Promise<readonly StrategyRow[]> => {
    if (!(await readStore.waitFor(atLeast, waitMs)))
      throw new ReadStoreUnavailable(`the views are not folded up to position ${atLeast}`);
    const rows: StrategyRow[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < mostPages; pages++) {
      const page: Awaited<ReturnType<typeof readPage<StrategyRow>>> = await readPage(
        readStore,
        strategies,
        { where, limit: pageSize, ...(cursor !== null && { cursor }) },
      );
      rows.push(...page.rows);
      cursor = page.nextCursor;
      if (cursor === null) return rows;
    }
    throw new RangeError(`more than ${pageSize * mostPages} strategies`);
  };
  return {
    ofType: async (type: string, atLeast: LogPosition): Promise<readonly string[]> =>
      (await find({ type }, atLeast)).map(({ strategy }) => strategy),
    ofRequest: async (request: string, atLeast: LogPosition): Promise<string | undefined> =>
      (await find({ request }, atLeast))[0]?.strategy,
  };
};
