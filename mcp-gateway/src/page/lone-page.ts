import { type Html, html } from './html.ts';
import { sheet } from './sheet.ts';

/** A page that stands by itself, before anybody has come in. */
export const lonePage = ({
  title,
  main,
  scripts = html``,
}: {
  readonly title: string;
  readonly main: Html;
  readonly scripts?: Html;
}): string =>
  html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Sentinel: ${title}</title>
    <link rel="stylesheet" href="${sheet.path}" />
    ${scripts}
  </head>
  <body>
    <header>
      <p class="brand">Sentinel <span>paper trading: no real money</span></p>
    </header>
    <main>
      <h1>${title}</h1>
      ${main}
    </main>
  </body>
</html>
`.markup;
