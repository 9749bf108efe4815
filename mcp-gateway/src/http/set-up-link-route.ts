import type { Router } from 'express';
import type { SetUpLink } from '../log-in/index.ts';
import { forOperator, type OperatorOptions, problem } from './operator.ts';

export type SetUpLinkOptions = OperatorOptions & {
  /** Makes a link and ends those before it; undefined where nobody logs in. */
  readonly newSetUpLink?: (() => Promise<SetUpLink>) | undefined;
};

/** The way by which whoever lost their passkey gets a link for another one. No tool leads here. */
export const setUpLinkRoute = (router: Router, options: SetUpLinkOptions): void => {
  const { newSetUpLink } = options;
  router.post(
    '/set-up-link',
    forOperator(options)(async (_request, response) => {
      if (newSetUpLink === undefined)
        return problem(
          response,
          409,
          'Nobody logs in to this Sentinel: SENTINEL_AUTH_ENABLED is false.',
        );
      const { link, until } = await newSetUpLink();
      response.json({ link, until: until.toString({ smallestUnit: 'second' }) });
    }),
  );
};
