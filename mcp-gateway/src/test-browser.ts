import { createHash, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The browser of this machine; undefined where none is installed: name one in CHROMIUM_PATH. */
export const browserPath = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
  .concat(process.env.CHROMIUM_PATH ?? [])
  .find((path) => existsSync(path));

/** Where pictures of pages go, for whoever wants to look at them. */
const pictures = process.env.SENTINEL_PICTURES;

const pinned = (authority: string): string => {
  const { publicKey } = new X509Certificate(authority);
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
};

/** Chromium. What the authority of this certificate has signed is proved to it, as if it were known to all. */
export const openBrowser = (authority?: string): Promise<Browser> =>
  chromium.launch({
    ...(browserPath !== undefined && { executablePath: browserPath }),
    args: [
      '--no-sandbox',
      ...(authority === undefined
        ? []
        : [`--ignore-certificate-errors-spki-list=${pinned(authority)}`]),
    ],
  });

export const picture = async (page: Page, name: string): Promise<void> => {
  if (pictures !== undefined)
    await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
};

/** What axe finds wrong by WCAG 2.2, levels A and AA, and by best practice. */
export const violations = async (page: Page): Promise<readonly string[]> => {
  // The page lets no script in; the checker is put in beside it, past its policy.
  await page.evaluate(axe.source);
  return page.evaluate(
    'axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))',
  );
};

/** Puts a passkey's authenticator into the browser of this page, whose human is there and proves it. */
export const usePasskeys = async (page: Page): Promise<void> => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const device = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const;
  const options = { ...device, hasUserVerification: true, isUserVerified: true };
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
};

const narrow = 360;
const wide = 1_100;

/**
 * What is wrong with a page as it stands, in both themes and at two widths: what axe finds, and what runs
 * out of the page sideways. Takes pictures of each under this name.
 */
export const pageProblems = async (page: Page, name: string): Promise<readonly string[]> => {
  const problems: string[] = [];
  // With its sheet: its text stands before that does.
  await page.waitForLoadState();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [wide, narrow]) {
      await page.setViewportSize({ width, height: 800 });
      await picture(page, `${name}-${colorScheme}-${width}`);
      const scrolls = await page.evaluate('document.documentElement.scrollWidth');
      if (scrolls !== width) problems.push(`${colorScheme}: ${scrolls} px of ${width}`);
    }
    problems.push(...(await violations(page)).map((each) => `${colorScheme}: ${each}`));
  }
  return problems;
};
