import type { DeskVisitor } from '../log-in/index.ts';
import { type Html, html, policyOf, sheet } from '../page/index.ts';

/** Pages of the desk send what is filled in to here alone. */
export const pagePolicy = policyOf("'self'");

const rooms = [
  { path: '/desk/approvals', name: 'Approvals' },
  { path: '/desk/grants', name: 'Grants' },
  { path: '/desk/keys', name: 'Keys' },
  { path: '/desk/halts', name: 'Halts' },
  { path: '/desk/passkeys', name: 'Passkeys' },
] as const;
export type RoomPath = (typeof rooms)[number]['path'];

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** What every form of a visitor is known by. */
export const formPurpose = 'desk';

export type Page = {
  readonly title: string;
  readonly path: string;
  readonly theme: Theme;
  /** Undefined where nobody has logged in. */
  readonly visitor: DeskVisitor | undefined;
  readonly main: Html;
  /** A script of ours, by its name; most pages need none. */
  readonly script?: string;
};

/** The beginning of every form that changes something. */
export const formToken = (visitor: DeskVisitor): Html =>
  html`<input type="hidden" name="form_token" value="${visitor.formToken(formPurpose)}" />`;

const navigation = ({ path, visitor }: Page): Html => {
  if (visitor === undefined) return html``;
  const links = rooms.map((room) => {
    const isHere = path === room.path || path.startsWith(`${room.path}/`);
    const current = isHere ? html` aria-current="page"` : html``;
    return html`<li><a href="${room.path}"${current}>${room.name}</a></li>`;
  });
  return html`<nav aria-label="Rooms of the desk"><ul>${links}</ul></nav>
      <form class="plain" method="post" action="/desk/log-out">${formToken(visitor)}<button type="submit">Log out</button></form>`;
};

const themeSwitch = ({ path, theme }: Page): Html => {
  const buttons = themes.map(
    (each) =>
      html`<button type="submit" name="theme" value="${each}" aria-pressed="${each === theme ? 'true' : 'false'}">${each === 'auto' ? 'As the system' : each === 'light' ? 'Light' : 'Dark'}</button>`,
  );
  return html`<form class="plain themes" method="post" action="/desk/theme" aria-label="Colors"><input type="hidden" name="back" value="${path}" />${buttons}</form>`;
};

const scriptOf = ({ script }: Page): Html =>
  script === undefined ? html`` : html`<script type="module" src="/desk/${script}"></script>`;

/** A whole page: its main part within what all pages of the desk share. */
export const framed = (page: Page): string => {
  const { title, visitor, theme, main } = page;
  const who =
    visitor === undefined
      ? html``
      : html`<p class="meta">You are <code>${visitor.by.principal}</code>.</p>`;
  return html`<!doctype html>
<html lang="en" data-theme="${theme}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Sentinel: ${title}</title>
    <link rel="stylesheet" href="${sheet.path}" />
    ${scriptOf(page)}
  </head>
  <body>
    <a class="skip" href="#main">To the content</a>
    <header>
      <p class="brand">Sentinel <span>paper trading: no real money</span></p>
      ${navigation(page)}
    </header>
    <main id="main" tabindex="-1">
      <h1>${title}</h1>
      ${main}
    </main>
    <footer>
      ${who}
      ${themeSwitch(page)}
    </footer>
  </body>
</html>
`.markup;
};
