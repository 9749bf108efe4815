import type { Router } from 'express';
import { html } from '../page/index.ts';
import { type DeskOptions, forVisitor, send } from './answering.ts';
import { formPurpose } from './frame.ts';

/** The page on which a human answers what waits; its script asks for that again and again. */
export const approvalsPage = (router: Router, options: DeskOptions): void => {
  router.get(
    '/desk/approvals',
    forVisitor(options)(async (visit) => {
      const { visitor } = visit;
      const main = html`<p>Answers given here are yours, not the model’s.</p>
      <noscript><p>This page needs its own script. Without it, run <code>npm run approve</code>.</p></noscript>
      <p id="status" role="status"></p>
      <section id="pending" aria-labelledby="pending-title" data-token="${visitor.formToken(formPurpose)}" hidden>
        <h2 id="pending-title">Pending</h2>
        <ul id="requests" class="cards"></ul>
      </section>`;
      send(visit, { title: 'What waits for you', main, script: 'approvals.mjs', visitor });
    }),
  );
};
