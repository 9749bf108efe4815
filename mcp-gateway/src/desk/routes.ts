import { readFileSync } from 'node:fs';
import express, { type Router } from 'express';
import type { DeskOptions } from './answering.ts';
import { approvalsPage } from './approvals-routes.ts';
import { grantsRoutes } from './grants-routes.ts';
import { haltsRoutes } from './halts-routes.ts';
import { keysRoutes } from './keys-routes.ts';
import { logInRoutes } from './log-in-routes.ts';
import { passkeysRoutes } from './passkeys-routes.ts';

const largestForm = '16kb';

const files = [
  { name: 'approvals.mjs', type: 'text/javascript' },
  { name: 'passkey.mjs', type: 'text/javascript' },
] as const;

/** The pages on which a human looks after the house: what waits, who may do what, and what stands still. */
export const deskRoutes = (router: Router, options: DeskOptions): void => {
  for (const { name, type } of files) {
    const text = readFileSync(new URL(name, import.meta.url), 'utf8');
    router.get(`/desk/${name}`, (_request, response) => void response.type(type).send(text));
  }
  router.use('/desk', express.urlencoded({ extended: false, limit: largestForm }));
  logInRoutes(router, options);
  approvalsPage(router, options);
  grantsRoutes(router, options);
  keysRoutes(router, options);
  haltsRoutes(router, options);
  passkeysRoutes(router, options);
};
