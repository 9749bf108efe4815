import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askToken, authorizeUrl, callTool, pkce, register } from './oauth/test-flow.ts';
import { browserPath, openBrowser, pageProblems, picture, usePasskeys } from './test-browser.ts';
import { type SecureProgram, startSecureProgram } from './test-secure-program.ts';

if (browserPath === undefined)
  process.stdout.write(
    'The pages are not driven: no Chromium is installed. Install Debian’s, or name one in CHROMIUM_PATH.\n',
  );

/** What happens to a human who connects Claude over HTTPS, from the first link on: each test goes on from the one before. */
describe.skipIf(browserPath === undefined)('a human in Chromium, over HTTPS', () => {
  let program: SecureProgram;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let listener: Server;
  let callback: string;
  /** What was sent to the client's callback. */
  const heard: URL[] = [];
  beforeAll(async () => {
    listener = createServer((request, response) => {
      // The browser asks for an icon, too.
      if (request.url?.startsWith('/callback?')) heard.push(new URL(request.url, callback));
      response.setHeader('content-type', 'text/plain').end('The client has it.');
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    callback = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/callback`;
    program = await startSecureProgram();
    browser = await openBrowser(program.authority.certificate);
    context = await browser.newContext();
    page = await context.newPage();
    page.setDefaultTimeout(5_000);
    await usePasskeys(page);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await program?.stop();
    listener?.close();
  });

  const open = (path: string) => page.goto(new URL(path, program.base).href);
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click();
  /** Nothing is wrong with the page as it stands, in either theme, narrow or wide. */
  const isSound = async (name: string) => expect(await pageProblems(page, name)).toEqual([]);

  /** A client that asks for consent, up to where the human's browser stands at what they see. */
  const asks = async (name: string) => {
    const client = await register(program.base, { client_name: name, redirect_uris: [callback] });
    const { verifier, challenge } = pkce();
    const more = { redirect_uri: callback };
    await page.goto(authorizeUrl(program.base, { client, challenge, more }).href);
    return {
      /** Its tokens, once the human has said yes. */
      tokens: async (): Promise<string> => {
        await page.getByText('The client has it.').waitFor();
        const answer = await askToken(program.base, {
          ...{ grant_type: 'authorization_code', client_id: client, redirect_uri: callback },
          ...{ code: heard.at(-1)?.searchParams.get('code') ?? '', code_verifier: verifier },
        });
        return ((await answer.json()) as { access_token: string }).access_token;
      },
    };
  };
  let token = '';
  /** A tool as the client calls it with the token that it got first. */
  const call = async (tool: string, args: object = {}) => {
    const answer = await callTool(program.base, { token, tool, args });
    return `${answer.status} ${await answer.text()}`;
  };
  const order = (qty: number) => ({
    ...{ symbol: 'NVDA', side: 'buy', qty, order_type: 'limit', limit_price: '10' },
    ...{ idempotency_key: `order-${qty}`, reason: 'as the human asked' },
  });

  test('makes a passkey by the link that the machine printed, which opens nothing twice', async () => {
    await page.goto(program.firstLink);
    await isSound('set-up');
    await page.getByLabel('Your name').fill('ann');
    await page.getByLabel('What the passkey is on').fill('laptop');
    await press('Make a passkey');
    await page.getByText('human:ann').waitFor();
    await page.getByText('Nothing waits.').waitFor();
    await isSound('nothing-waits');
    const other = await browser.newContext();
    const stranger = await other.newPage();
    await usePasskeys(stranger);
    await stranger.goto(program.firstLink);
    await stranger.getByLabel('Your name').fill('eve');
    await stranger.getByLabel('What the passkey is on').fill('laptop');
    await stranger.getByRole('button', { name: 'Make a passkey' }).click();
    await stranger.getByText('This link was used').waitFor();
    await other.close();
  });

  test('logs in by the passkey where a client asks, and lets it look and propose alone', async () => {
    await press('Log out');
    await page.getByLabel('Operator key').waitFor();
    await isSound('desk-log-in');
    const { tokens } = await asks('Claude');
    await page.getByText('Your passkey proves who you are.').waitFor();
    await isSound('log-in');
    await press('Log in with a passkey');
    await page.getByText('Claude asks to act for ann.').waitFor();
    await isSound('consent');
    await page.getByLabel('Trade on paper').uncheck();
    await page.getByLabel('At most in one order').fill('lots');
    await press('Yes, this and no more');
    await page.getByRole('alert').waitFor();
    await isSound('consent-refused');
    await page.getByLabel('At most in one order').fill('250');
    await page.getByLabel('Only these symbols').fill('nvda');
    await press('Yes, this and no more');
    token = await tokens();
    expect(await call('market_quote', { symbol: 'NVDA' })).toMatch(/^200 .*"source":"mock"/);
    expect(await call('execution_paper_order', order(1))).toMatch(/^200 .*insufficient_scope/);
  });

  test('widens the grant on the desk: the same token trades at its next call, within its limits', async () => {
    await open('/desk/grants');
    await page.getByRole('heading', { name: 'Claude in force' }).waitFor();
    await isSound('grants');
    await page.getByRole('link', { name: /^Look, change or revoke/ }).click();
    await isSound('grant');
    await page.getByLabel('Trade on paper').check();
    await press('In force from the next call');
    await page.getByText('as version 2.').waitFor();
    expect(await call('execution_paper_order', order(1))).toMatch(/^200 .*"order_id"/);
    expect(await call('execution_paper_order', order(26))).toMatch(/^200 .*250/);
  });

  test('says yes to one order by the passkey, and no to another', async () => {
    await call('execution_propose_order', order(2));
    await call('execution_propose_order', order(3));
    await open('/desk/approvals');
    const card = (text: string) => page.locator('.request', { hasText: text });
    await card('Buy 3 NVDA').waitFor();
    await isSound('approvals');
    await card('Buy 2 NVDA').getByRole('button', { name: 'Say yes …' }).click();
    await isSound('sure');
    await press(/Yes, exactly this/);
    await page.getByText('Approved: the order passed every check again').waitFor();
    await card('Buy 3 NVDA').getByRole('button', { name: 'Say no …' }).click();
    await press(/^No to/);
    await page.getByText('Declined: nothing was submitted.').waitFor();
    await isSound('answered');
    const orders = await call('execution_list_orders', { limit: 5 });
    expect(orders).toMatch(/"status":"denied"/);
  });

  test('connects a second client by keys alone', async () => {
    const { tokens } = await asks('By keys');
    await page.getByText('By keys asks to act for ann.').waitFor();
    /** Goes from field to field until the one that is so called has the focus, which can be seen. */
    const tabTo = async (name: string) => {
      for (let at = 0; at < 20; at++) {
        await page.keyboard.press('Tab');
        const [label, outline] = (await page.evaluate(`(() => {
          const each = document.querySelector(':focus-visible');
          if (each === null) return ['nothing', 'none'];
          const { outlineStyle } = getComputedStyle(each);
          return [(each.labels?.[0] ?? each).textContent.trim(), outlineStyle];
        })()`)) as readonly [string, string];
        expect([label, outline]).not.toEqual([label, 'none']);
        if (label.startsWith(name)) return;
      }
      throw new Error(`no key leads to ${name}`);
    };
    await tabTo('Propose');
    await page.keyboard.press('Space');
    await tabTo('Trade on paper');
    await page.keyboard.press('Space');
    await tabTo('Yes, this and no more');
    await picture(page, 'consent-by-keys');
    await page.keyboard.press('Enter');
    const newest = await tokens();
    const list = await callTool(program.base, { token: newest, tool: 'watchlist_list' });
    expect(list.status).toBe(200);
    const added = await callTool(program.base, {
      ...{ token: newest, tool: 'watchlist_add', args: { symbols: ['NVDA'] } },
    });
    expect(await added.text()).toContain('insufficient_scope');
  });

  test('halts everything with the red button, and orders are refused', async () => {
    await open('/desk/halts');
    await isSound('halts');
    await page.getByLabel('Why').fill('The house is on fire.');
    await press('Halt everything');
    await page.getByText('Everything is halted.').waitFor();
    await isSound('halted');
    expect(await call('execution_paper_order', order(4))).toMatch(/^200 .*KILL_STATE/);
  });

  test('revokes the grant: the next call of its token opens nothing', async () => {
    await open('/desk/grants');
    await page.getByRole('link', { name: 'Look, change or revoke the grant of Claude' }).click();
    expect(await call('market_quote', { symbol: 'NVDA' })).toMatch(/^200 /);
    await page.getByText('Revoke …').click();
    await isSound('revoke');
    await press('Revoke for good');
    await page.getByText('Revoked: it allows nothing').waitFor();
    await isSound('revoked');
    expect(await call('market_quote', { symbol: 'NVDA' })).toMatch(/^401 /);
    await open('/desk/keys');
    await isSound('keys');
  });
});
