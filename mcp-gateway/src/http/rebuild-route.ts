import type { Router } from 'express';
import { forOperator, type OperatorOptions, problem } from './operator.ts';

/** How often progress is told at the most. */
const progressEveryMs = 250;

/** Rebuilds views while the program runs, and tells how it goes, a JSON line at a time. */
export const rebuildRoute = (router: Router, options: OperatorOptions): void => {
  router.post(
    '/rebuild/:view',
    forOperator(options)(async (request, response, { rebuild }) => {
      const left = new AbortController();
      response.on('close', () => left.abort(new Error('the operator went away')));
      const tell = (line: object): void => void response.write(`${JSON.stringify(line)}\n`);
      let last = Number.NEGATIVE_INFINITY;
      try {
        const rebuilt = await rebuild(
          { view: `${request.params.view}`, dryRun: request.query.dry_run === 'true' },
          ({ done, total }) => {
            if (performance.now() - last < progressEveryMs) return;
            last = performance.now();
            tell({ done: `${done}`, total: `${total}` });
          },
          left.signal,
        );
        if (rebuilt === undefined) return problem(response, 404, 'There is no view of this name.');
        for (const { table, logPosition, comparison } of rebuilt) {
          const keys = comparison.result === 'different' ? comparison.keys : [];
          tell({ view: table.view, position: `${logPosition}`, result: comparison.result, keys });
        }
      } catch (error) {
        tell({ error: error instanceof Error ? error.message : String(error) });
      }
      response.end();
    }),
  );
};
