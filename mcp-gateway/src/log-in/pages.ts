/** Nothing from elsewhere, nothing inline, no frame around it, and no form that is sent by itself. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Shown = { readonly byPasskey: boolean };

const page = (
  title: string,
  { form, to, use }: { readonly form: string; readonly to: string; readonly use: string },
): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Sentinel: ${title}</title>
    <link rel="stylesheet" href="/oauth/style.css" />
    <script src="/webauthn.js"></script>
    <script type="module" src="/log-in.mjs"></script>
  </head>
  <body>
    <header>
      <h1>${title}</h1>
      <p>Sentinel trades on paper. No real money.</p>
    </header>
    <main>
      <form id="form" data-use="${use}" data-to="${to}">
${form}
      </form>
      <noscript><p>This page needs its own script, to speak to your passkey.</p></noscript>
      <p id="status" role="status"></p>
    </main>
  </body>
</html>
`;

const field = (name: string, label: string, more = ''): string =>
  `        <label for="${name}">${label}</label>\n        <input id="${name}" name="${name}" required ${more} />`;
const nameField = field(
  'name',
  'Your name, in small letters',
  'autocomplete="username webauthn" pattern="[a-z0-9_.\\-]{1,40}"',
);
const passwordField = (kind: string) =>
  field(
    'password',
    'Password, of at least 14 characters',
    `type="password" autocomplete="${kind}"`,
  );

/** `to` is one of our own paths. */
export const logInPage = ({ byPasskey, to }: Shown & { readonly to: string }): string =>
  page('Log in', {
    ...{ to, use: byPasskey ? 'log-in-passkey' : 'log-in-password' },
    form: byPasskey
      ? '        <p>Your passkey proves who you are.</p>\n        <button type="submit" class="yes">Log in with a passkey</button>'
      : `${nameField}\n${passwordField('current-password')}\n        <button type="submit" class="yes">Log in</button>`,
  });

export const setUpPage = ({ byPasskey }: Shown): string =>
  page('Set up your log-in', {
    ...{ to: '/desk/approvals', use: byPasskey ? 'set-up-passkey' : 'set-up-password' },
    form: byPasskey
      ? `${nameField}\n${field('label', 'What the passkey is on, such as laptop')}\n        <button type="submit" class="yes">Make a passkey</button>`
      : `${nameField}\n${passwordField('new-password')}\n        <p class="meta">A passkey is safer; browsers take one over HTTPS or at localhost alone.</p>\n        <button type="submit" class="yes">Keep this password</button>`,
  });
