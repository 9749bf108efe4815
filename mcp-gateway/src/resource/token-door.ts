import type { Router } from 'express';
import type { Authenticate } from '../auth/index.ts';

/** A way in by access tokens, whoever gives them. */
export type TokenDoor = {
  readonly authenticate: Authenticate;
  /** What a request without a good token is told in `WWW-Authenticate`. */
  readonly challenge: (path: string, sentToken: boolean) => string;
  /** Adds its pages and endpoints; before whatever reads bodies. */
  readonly routes: (router: Router) => void;
};
