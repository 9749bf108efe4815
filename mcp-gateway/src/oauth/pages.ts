/** Text of others as text alone. */
export const asText = (text: string): string =>
  text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);

/** Nothing from elsewhere, nothing inline, no frame around it. */
export const policyOf = (...sendsTo: readonly string[]): string =>
  [
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'",
    `form-action ${sendsTo.length === 0 ? "'none'" : sendsTo.join(' ')}`,
    "frame-ancestors 'none'",
  ].join('; ');

export const pageOf = (title: string, main: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Sentinel: ${asText(title)}</title>
    <link rel="stylesheet" href="/oauth/style.css" />
  </head>
  <body>
    <header>
      <h1>${asText(title)}</h1>
      <p>Sentinel trades on paper. No real money.</p>
    </header>
    <main>
${main}
    </main>
  </body>
</html>
`;

export const errorPage = {
  policy: policyOf(),
  of: (what: string): string =>
    pageOf(
      'This did not work',
      `      <p role="alert">${asText(what)}</p>\n      <p>Nothing was given. Begin again from your assistant.</p>`,
    ),
};
