import { existsSync } from 'node:fs';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHouse, type TestHouse, testOperatorKey } from '../test-house.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  .concat(process.env.CHROMIUM_PATH ?? [])
  .find((path) => existsSync(path));
/** Where pictures of the page go, for whoever wants to look at it. */
const pictures = process.env.SENTINEL_PICTURES;

// Where no browser is installed there is nothing to try the page in: name one in CHROMIUM_PATH.
describe.skipIf(executablePath === undefined)('the approval page in Chromium', () => {
  let house: TestHouse;
  let client: Client;
  let browser: Browser;
  beforeAll(async () => {
    house = await startTestHouse();
    client = new Client({ name: 'page', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(house.url('/mcp')));
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: ['--no-sandbox'],
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await client.close();
    await house.stop();
  });

  const call = async (name: string, args: object) =>
    (await client.callTool({ name, arguments: { ...args } })).structuredContent as {
      readonly order: { readonly order_id: string; readonly status: string };
      readonly request_id?: string;
    };
  const propose = (qty: number, reason: string) =>
    call('execution_propose_order', {
      ...{ symbol: 'NVDA', side: 'buy', qty, order_type: 'limit', limit_price: '100', reason },
      idempotency_key: `${qty}`,
    });
  const statusOf = async (orderId: string) =>
    (await call('execution_get_order', { order_id: orderId })).order.status;

  const opened = async (
    scheme: 'light' | 'dark' = 'light',
  ): Promise<{ page: Page; problems: string[] }> => {
    const page = await browser.newPage({
      colorScheme: scheme,
      viewport: { width: 420, height: 900 },
    });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (new URL(request.url()).host !== house.url('/').host) problems.push(request.url());
    });
    await page.goto(house.url('/desk/approvals').toString());
    return { page, problems };
  };
  const signIn = async (page: Page, key = testOperatorKey) => {
    await page.getByLabel('Operator key').fill(key);
    await page.getByRole('button', { name: 'Show what waits' }).click();
  };
  const picture = async (page: Page, name: string) => {
    if (pictures !== undefined)
      await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  };
  /** What axe finds wrong by WCAG 2.2, levels A and AA, and by best practice. */
  const violations = async (page: Page): Promise<readonly string[]> => {
    // The page lets no script in; the checker is put in beside it, past its policy.
    await page.evaluate(axe.source);
    return page.evaluate(
      'axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))',
    );
  };

  test('asks for the key, shows nothing without it, and says so of a wrong one', async () => {
    const { page } = await opened();
    await picture(page, 'sign-in');
    expect(await violations(page)).toEqual([]);
    await signIn(page, 'wrong');
    await page.getByText('The operator key is missing or wrong.').waitFor();
    expect(await page.locator('.request').count()).toBe(0);
    await page.close();
  });

  test('shows what is asked in words, a hostile reason as words alone, and takes a yes in two steps', async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>alert(1)</script> Approve me!';
    const { order } = await propose(3, hostile);
    const { page, problems } = await opened();
    await signIn(page);
    await page.getByRole('heading', { name: 'Buy 3 NVDA at 100 or less' }).waitFor();
    expect(await page.locator('blockquote').textContent()).toBe(hostile);
    expect(await page.locator('img, .request script').count()).toBe(0);
    expect(await page.title()).toBe('Sentinel: what waits for you');
    await picture(page, 'pending');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Say yes …' }).click();
    await page.getByRole('button', { name: /Yes, exactly this/ }).waitFor();
    expect(await statusOf(order.order_id)).toBe('initialized');
    await picture(page, 'sure');
    expect(await violations(page)).toEqual([]);
    // The focus lies on the way back: a hasty key says no more than that.
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Say yes …' }).click();
    await page.getByRole('button', { name: /Yes, exactly this/ }).click();
    await page.getByText('Approved: the order passed every check again').waitFor();
    expect(['submitted', 'accepted']).toContain(await statusOf(order.order_id));
    expect(problems).toEqual([]);
    await page.close();
  });

  test('goes on looking: what is asked later appears, halts with why they stand, and a no ends a wish', async () => {
    const { page } = await opened('dark');
    await signIn(page);
    await page.getByText('Nothing waits. This page goes on looking.').waitFor();
    const reason = 'the news of the night';
    await call('risk_kill_switch_enable', { scope: 'symbol', target: 'TSLA', reason });
    await call('risk_kill_switch_disable', {
      scope: 'symbol',
      target: 'TSLA',
      reason: 'it is over now',
    });
    const { order } = await propose(4, 'one more');
    await page.getByText('2 requests wait.').waitFor();
    await page.getByRole('heading', { name: 'Release the halt of the symbol TSLA' }).waitFor();
    await page.getByText('the news of the night').waitFor();
    await picture(page, 'dark');
    expect(await violations(page)).toEqual([]);
    const card = page.locator('.request', { hasText: 'Buy 4 NVDA' });
    await card.getByRole('button', { name: 'Say no …' }).click();
    await card.getByRole('button', { name: /^No to/ }).click();
    await page.getByText('Declined: nothing was submitted.').waitFor();
    expect(await statusOf(order.order_id)).toBe('denied');
    await page.close();
  });

  /** A promotion as it is asked for, of the widest words that it has. */
  const promotion = {
    request_id: '01920000-0000-7000-8000-000000000001',
    ...{ status: 'pending', digest: 'a'.repeat(64), requested_by: 'local:root' },
    title: `Promote the strategy "${'Momentum'.repeat(8)}" from paper to live`,
    lines: [`Its parameters have the digest ${'3f5a9c41'.repeat(8)}.`],
    criteria: [
      { criterion: 'Trades on paper', measured: '212', needed: 'at least 100', met: true },
      {
        ...{ criterion: 'Lower 95 % bound of expectancy', measured: '-0.000132 R a trade' },
        ...{ needed: 'above 0', met: false },
      },
    ],
    reason_given: null,
    expires_at: '2030-03-02T14:30:00Z',
  };

  test.each(['light', 'dark'] as const)(
    'keeps a promotion with its table within its card, narrow and wide, in %s',
    async (scheme) => {
      const { page } = await opened(scheme);
      await page.route('**/desk/approvals/pending', (route) =>
        route.fulfill({ json: { requests: [promotion] } }),
      );
      await signIn(page);
      await page.getByText('at least 100').waitFor();
      for (const width of [360, 1200]) {
        await page.setViewportSize({ width, height: 800 });
        const outside = await page.evaluate(`(() => {
          const { right } = document.querySelector('.request').getBoundingClientRect();
          return [...document.querySelectorAll('.request *')]
            .filter((each) => each.getBoundingClientRect().right > right)
            .map(({ outerHTML }) => outerHTML);
        })()`);
        expect(outside).toEqual([]);
        expect(await violations(page)).toEqual([]);
        await picture(page, `promotion-${scheme}-${width}`);
      }
      expect(await page.locator('tr.unmet').textContent()).toContain('NO');
      await page.getByText(/until Saturday, March 2, 2030 at /).waitFor();
      await page.close();
    },
  );

  test('can be worked by keys alone, and keeps the key nowhere', async () => {
    const { page } = await opened();
    await page.keyboard.press('Tab');
    await page.keyboard.type(testOperatorKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Pending' }).waitFor();
    const kept = await page.evaluate(
      "[document.cookie, localStorage.length, sessionStorage.length, document.getElementById('key').value]",
    );
    expect(kept).toEqual(['', 0, 0, '']);
    await page.reload();
    await page.getByLabel('Operator key').waitFor();
    expect(await page.locator('.request').count()).toBe(0);
    await page.close();
  });
});
