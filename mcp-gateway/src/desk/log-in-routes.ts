import type { Request, Router } from 'express';
import { type Html, html } from '../page/index.ts';
import { type DeskOptions, forVisitor, send, themeCookie } from './answering.ts';
import { themes } from './frame.ts';

/** Where somebody wanted to go: a page of the desk and nothing else, whatever the address says. */
const backOf = (wanted: unknown): string =>
  typeof wanted === 'string' && /^\/desk(\/[a-z0-9-]+)*$/.test(wanted) ? wanted : '/desk/approvals';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const themeSeconds = 31_536_000;

const passkeyLink = ({ humans }: DeskOptions, back: string): Html =>
  humans === undefined
    ? html``
    : html`<p><a href="${humans.logInAt}?to=${encodeURIComponent(back)}">Log in as yourself</a>, or show the operator’s key:</p>`;

const keyForm = (
  back: string,
  options: DeskOptions,
  problem?: string,
): Html => html`${passkeyLink(options, back)}${
  problem === undefined ? html`` : html`<p role="alert" class="alert">${problem}</p>`
}
      <form method="post" action="/desk/log-in">
        <input type="hidden" name="back" value="${back}" />
        <label for="key">Operator key</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required spellcheck="false" aria-describedby="key-help" />
        <p id="key-help" class="meta">It stands in <code>operator.key</code> in Sentinel’s data folder. You are logged in for an hour, or until you log out.</p>
        <button type="submit" class="main">Log in</button>
      </form>`;

/** Where visitors come in and go, and how the pages look to them. */
export const logInRoutes = (router: Router, options: DeskOptions): void => {
  const { operator, visitors } = options;
  const title = 'Log in';

  router.get('/desk', (_request, response) => response.redirect(303, '/desk/approvals'));

  router.get('/desk/log-in', (request, response) =>
    send({ request, response }, { title, main: keyForm(backOf(request.query.back), options) }),
  );

  router.post('/desk/log-in', (request: Request, response) => {
    const back = backOf(request.body?.back);
    if (operator.begin(response, textOf(request.body?.key).trim()))
      return response.redirect(303, back);
    const main = keyForm(back, options, 'The operator key is missing or wrong.');
    return send({ request, response }, { status: 401, title, main });
  });

  router.post(
    '/desk/log-out',
    forVisitor(options)(async ({ request, response }) => {
      await visitors.end(request, response);
      response.redirect(303, '/desk/log-in');
    }),
  );

  router.post('/desk/theme', (request: Request, response) => {
    const theme = themes.find((each) => each === request.body?.theme) ?? 'auto';
    response.appendHeader(
      'Set-Cookie',
      `${themeCookie}=${theme}; Path=/desk; Max-Age=${themeSeconds}; HttpOnly; SameSite=Lax`,
    );
    response.redirect(303, backOf(request.body?.back));
  });
};
