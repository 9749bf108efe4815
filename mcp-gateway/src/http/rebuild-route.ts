import { viewDefinitions } from '@sentinel/projections';
import type { Router } from 'express';
import { differencesInWords } from '../differences-in-words.ts';
import type { Sentinel } from '../sentinel.ts';
import { forOperator, type OperatorOptions, problem } from './operator.ts';

/** How often progress is told at the most. */
const progressEveryMs = 250;

const by = 'npm run rebuild';

type Tell = (line: object) => void;

const rebuild = async (
  house: Sentinel,
  { view, dryRun }: { readonly view: string; readonly dryRun: boolean },
  { tell, signal }: { readonly tell: Tell; readonly signal: AbortSignal },
): Promise<boolean> => {
  let last = Number.NEGATIVE_INFINITY;
  const rebuilt = await house.rebuild(
    { view, dryRun, by },
    ({ done, total }) => {
      if (performance.now() - last < progressEveryMs) return;
      last = performance.now();
      tell({ done: `${done}`, total: `${total}` });
    },
    signal,
  );
  for (const { table, logPosition, comparison } of rebuilt ?? []) {
    const differences =
      'differences' in comparison ? differencesInWords(comparison.differences) : null;
    const { result } = comparison;
    tell({ view: table.view, position: `${logPosition}`, result, differences });
  }
  return rebuilt !== undefined;
};

const rollBack = async (
  house: Sentinel,
  view: string,
  { tell, signal }: { readonly tell: Tell; readonly signal: AbortSignal },
): Promise<boolean> => {
  const rolledBack = await house.rollBack({ view, by }, signal);
  for (const { table, version, logPosition, goesOn } of rolledBack ?? [])
    tell({ view: table.view, position: `${logPosition}`, version, goes_on: goesOn });
  return rolledBack !== undefined;
};

/** Rebuilds views while the program runs, and tells how it goes, a JSON line at a time. */
export const rebuildRoute = (router: Router, options: OperatorOptions): void => {
  router.post(
    '/rebuild/:view',
    forOperator(options)(async (request, response, house) => {
      const left = new AbortController();
      response.on('close', () => left.abort(new Error('the operator went away')));
      const tell: Tell = (line) => void response.write(`${JSON.stringify(line)}\n`);
      const telling = { tell, signal: left.signal };
      const view = `${request.params.view}`;
      const { dry_run, rollback } = request.query;
      try {
        const known =
          rollback === 'true'
            ? await rollBack(house, view, telling)
            : await rebuild(house, { view, dryRun: dry_run === 'true' }, telling);
        if (!known) {
          const names = viewDefinitions.map(({ name }) => name).join(', ');
          return problem(
            response,
            404,
            `There is no view ${view.slice(0, 40)}: name one of ${names}.`,
          );
        }
      } catch (error) {
        tell({ error: error instanceof Error ? error.message : String(error) });
      }
      response.end();
    }),
  );
};
