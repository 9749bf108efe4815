import { type LogPosition, type ReadStore, ReadStoreUnavailable } from '@sentinel/contracts/kernel';
import { type RunRow, runs } from '../backtest/index.ts';
import { readPage, waitMs } from '../kernel/index.ts';
import { type StrategyRow, strategies } from '../strategy/index.ts';

const pageSize = 100;
/** More strategies than this of one type, or more runs of one strategy, are a list that nobody meant to have. */
const mostPages = 100;

/**
 * Which strategies there are of a type, which of them a request is about, and what was tried of them, with
 * everything that stood in the log up to `atLeast`. @throws ReadStoreUnavailable, ViewParked
 */
export const strategyIndex = (readStore: ReadStore) => {
  const find = async <Row>(
    view: Parameters<typeof readPage<Row>>[1],
    where: Readonly<Record<string, string>>,
    atLeast: LogPosition,
  ): Promise<readonly Row[]> => {
    if (!(await readStore.waitFor(atLeast, waitMs)))
      throw new ReadStoreUnavailable(`the views are not folded up to position ${atLeast}`);
    const rows: Row[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < mostPages; pages++) {
      const page: Awaited<ReturnType<typeof readPage<Row>>> = await readPage(readStore, view, {
        ...{ where, limit: pageSize },
        ...(cursor !== null && { cursor }),
      });
      rows.push(...page.rows);
      cursor = page.nextCursor;
      if (cursor === null) return rows;
    }
    throw new RangeError(`more than ${pageSize * mostPages} rows`);
  };
  return {
    ofType: async (type: string, atLeast: LogPosition): Promise<readonly string[]> =>
      (await find<StrategyRow>(strategies, { type }, atLeast)).map(({ strategy }) => strategy),
    ofRequest: async (request: string, atLeast: LogPosition): Promise<string | undefined> =>
      (await find<StrategyRow>(strategies, { request }, atLeast))[0]?.strategy,
    runsOf: (strategy: string, atLeast: LogPosition): Promise<readonly RunRow[]> =>
      find<RunRow>(runs, { strategy }, atLeast),
  };
};
