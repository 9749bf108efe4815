import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Grant, GrantTerms } from '@sentinel/contracts/access';
import { credentialIdSchema, type GrantId, money } from '@sentinel/contracts/kernel';
import { memoryAccessStore } from '@sentinel/infra/access-store';
import { systemClock } from '@sentinel/infra/runtime';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localOperator } from '../auth/index.ts';
import { humanSessions, type Sessions } from '../log-in/index.ts';
import { readExport, verifyExported } from '../proof/index.ts';
import { browserPath, openBrowser, picture, usePasskeys, violations } from '../test-browser.ts';
import { startTestHouse, type TestHouse, testOperatorKey } from '../test-house.ts';

const termsOnly = ({ grantId: _, client: __, principal: ___, ...terms }: Grant): GrantTerms =>
  terms;

// Where no browser is installed there is nothing to try the page in: name one in CHROMIUM_PATH.
describe.skipIf(browserPath === undefined)('the desk in Chromium', () => {
  let house: TestHouse;
  let client: Client;
  let browser: Browser;
  let origin: string;
  let sessions: Sessions;
  beforeAll(async () => {
    house = await startTestHouse({}, localOperator(), (at) => {
      origin = at;
      sessions = humanSessions(
        memoryAccessStore({ now: systemClock, rows: new Map() }),
        new URL(at),
      );
      return { sessions, origin, logInAt: '/log-in' };
    });
    client = new Client({ name: 'page', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(house.url('/mcp')));
    browser = await openBrowser();
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

  /** A page of a browser of its own, in which nobody has logged in yet. */
  const opened = async (
    scheme: 'light' | 'dark' = 'light',
    path = '/desk/approvals',
  ): Promise<{ page: Page; problems: string[] }> => {
    const page = await browser.newPage({
      colorScheme: scheme,
      viewport: { width: 420, height: 900 },
    });
    page.setDefaultTimeout(4000);
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (said) => {
      // What the page's policy keeps out is told there.
      if (said.type() === 'error') problems.push(said.text());
    });
    page.on('request', (request) => {
      if (new URL(request.url()).host !== house.url('/').host) problems.push(request.url());
    });
    await page.goto(house.url(path).toString());
    return { page, problems };
  };
  const signIn = async (page: Page, key = testOperatorKey) => {
    await page.getByLabel('Operator key').fill(key);
    await page.getByRole('button', { name: 'Log in' }).click();
  };
  const loggedIn = async (path: string) => {
    const { page, problems } = await opened('light', path);
    await signIn(page);
    return { page, problems };
  };

  test('asks for the key, shows nothing without it, and says so of a wrong one', async () => {
    const { page } = await opened();
    expect(new URL(page.url()).pathname).toBe('/desk/log-in');
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
    expect(await page.title()).toBe('Sentinel: What waits for you');
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

  const ada = { principal: 'human:ada', identifiedBy: 'passkey', through: 'page' } as const;
  const metadata = {
    ...{ principal: 'human:ada', client: 'test', tool: 'test' },
    ...{ correlationId: 'a', causationId: 'a' },
  };

  /** A browser in which Ada has logged in, with a passkey that the house knows. */
  const adasBrowser = async (): Promise<Page> => {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(4000);
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    const request = new IncomingMessage(new Socket());
    await sessions.begin(
      { request, response },
      { principal: 'human:ada', identifiedBy: 'passkey' },
    );
    const [name = '', value = ''] = `${response.getHeader('set-cookie')}`.split(/[=;]/);
    await context.addCookies([{ name, value, url: origin }]);
    await usePasskeys(page);
    await page.goto(`${origin}/desk/approvals`);
    const made = (await page.evaluate(`navigator.credentials.create({ publicKey: {
      rp: { name: 'Sentinel' }, user: { id: new Uint8Array([1]), name: 'ada', displayName: 'ada' },
      challenge: new Uint8Array(32), pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    } }).then((made) => made.toJSON())`)) as Parameters<
      typeof verifyRegistrationResponse
    >[0]['response'];
    const { registrationInfo } = await verifyRegistrationResponse({
      ...{ response: made, expectedOrigin: origin, expectedChallenge: () => true },
    });
    const { id, publicKey } = registrationInfo?.credential ?? {
      id: '',
      publicKey: new Uint8Array(),
    };
    const registered = {
      ...{ operator: 'human:ada', credentialId: credentialIdSchema.parse(id), label: 'test' },
      ...{ publicKey: Buffer.from(publicKey).toString('base64url'), signCount: 0 },
      ...{ by: ada, at: systemClock() },
    };
    await house.sentinel.passkeys.execute(
      'ada',
      { type: 'RegisterPasskey', ...registered },
      metadata,
    );
    return page;
  };

  const exported = async () => {
    const { uri } = ((await call('audit_export', {})) as unknown as { resource: { uri: string } })
      .resource;
    const { contents } = await client.readResource({ uri });
    return readExport(contents.map((each) => ('text' in each ? each.text : '')).join(''));
  };

  test('has a passkey sign exactly one yes, and keeps what anybody can verify without the house', async () => {
    const { order } = await propose(2, 'signed by hand');
    const page = await adasBrowser();
    await page.getByText('human:ada').first().waitFor();
    // Without a signature, or with one over another yes, it is refused.
    const answers = await page.evaluate(`(async () => {
      const { signedBy } = await import('/desk/passkey.mjs');
      const headers = { 'content-type': 'application/json', 'x-desk-token': document.getElementById('pending').dataset.token };
      const { requests: [request] } = await (await fetch('/desk/approvals/pending')).json();
      const answer = (proof) => fetch('/desk/approvals/' + request.request_id, {
        method: 'POST', headers, body: JSON.stringify({ digest: request.digest, approves: true, proof }),
      });
      const other = await signedBy(btoa('another yes').replace(/=/g, ''));
      return [(await answer()).status, (await answer(other)).status];
    })()`);
    expect(answers).toEqual([403, 403]);
    expect(await statusOf(order.order_id)).toBe('initialized');
    const sayYes = async (to: string, told: string) => {
      const card = page.locator('.request', { hasText: to });
      await card.getByRole('button', { name: 'Say yes …' }).click();
      await card.getByRole('button', { name: /Yes, exactly this/ }).click();
      await page.getByText(told).waitFor();
    };
    await sayYes('Buy 2 NVDA', 'Approved: the order passed every check again');
    await sayYes('the symbol TSLA', 'Approved: the halt is released.');
    const events = await exported();
    const granted = events.filter(
      ({ type, data }) => type === 'ApprovalGranted' && data.includes('"proof"'),
    );
    expect(granted).toHaveLength(2);
    for (const { id } of granted)
      expect(await verifyExported(events, { eventId: id, origin })).toMatchObject({
        ...{ is: 'proved', by: 'human:ada', origin },
      });
    expect(await call('audit_self_assessment', {})).toMatchObject({
      approvals: { signed: 2, proved: 2, failed: [] },
    });
    const eventId = granted[0]?.id ?? '';
    const altered = (from: string | RegExp, to: string) =>
      events.map((each) => ({ ...each, data: each.data.replace(from, to) }));
    // Another request, another human, another page, another signature, another passkey, nothing signed.
    for (const [log, at] of [
      [altered('signed by hand', 'signed by feet'), origin],
      [altered(/"principal":"human:ada"/, '"principal":"human:bob"'), origin],
      [events, 'https://elsewhere.example'],
      [altered(/"signature":"..../, '"signature":"AAAA'), origin],
      [events.filter(({ type }) => type !== 'PasskeyRegistered'), origin],
      [altered(/,"proof":\{[^}]*\}/, ''), origin],
    ] as const)
      expect((await verifyExported(log, { eventId, origin: at })).is).toBe('not proved');
    await page.context().close();
  });

  /** A promotion as it is asked for, of the widest words that it has. */
  const promotion = {
    request_id: '01920000-0000-7000-8000-000000000001',
    ...{ status: 'pending', digest: 'a'.repeat(64), requested_by: 'agent:one' },
    requested_by_client: '<b>Claude</b>',
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
      await page.getByText('Asked by agent:one, which calls itself “<b>Claude</b>”.').waitFor();
      await page.getByText(/until Saturday, March 2, 2030 at /).waitFor();
      await page.close();
    },
  );

  test('can be worked by keys alone, keeps the key nowhere, and forgets who logs out', async () => {
    const { page } = await opened();
    await page.getByLabel('Operator key').focus();
    await page.keyboard.type(testOperatorKey);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Pending' }).waitFor();
    expect(
      await page.evaluate('[document.cookie, localStorage.length, sessionStorage.length]'),
    ).toEqual(['', 0, 0]);
    const cookies = await page.context().cookies();
    expect(cookies.map(({ httpOnly, value }) => [httpOnly, value.includes('kkkk')])).toEqual([
      [true, false],
    ]);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Operator key').waitFor();
    // The session has ended at the server, whoever kept its cookie.
    await page.context().addCookies(cookies);
    await page.goto(house.url('/desk/halts').toString());
    await page.getByLabel('Operator key').waitFor();
    await page.close();
  });

  test('stops everything by one button, with the reason kept, and says what stands', async () => {
    const { page, problems } = await loggedIn('/desk/halts');
    await picture(page, 'halts');
    await page.getByLabel('Why').fill('<b>fire</b> next door');
    await page.getByLabel('Cancel every working order').check();
    await page.getByRole('button', { name: 'Halt everything' }).click();
    await page.getByText('Everything is halted. Every working order is being canceled.').waitFor();
    await page.getByText('<b>fire</b> next door').waitFor();
    await page.getByText('Halted', { exact: true }).waitFor();
    const { halts } = (await call('risk_kill_switch_status', {})) as unknown as {
      readonly halts: readonly { readonly scope: string; readonly engaged_by: string }[];
    };
    expect(halts.find(({ scope }) => scope === 'global')?.engaged_by).toMatch(/^operator-key:/);
    expect(await violations(page)).toEqual([]);
    await picture(page, 'halted');
    await page.getByRole('button', { name: 'Halt everything' }).click();
    await page.getByText('Everything was halted already.').waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  const grantId = '01890000-0000-7000-8000-0000000000aa' as GrantId;
  const by = ada;
  const standing = async () => house.sentinel.grants.newest(grantId);

  test('shows who may do what, widens, narrows and revokes it, and refuses to undo a change unseen', async () => {
    const grant = {
      ...{
        grantId,
        principal: 'human:ada',
        client: { id: 'claude', name: 'Claude <i>at</i> home' },
      },
      ...({ abilities: ['look', 'trade'], symbols: ['NVDA'], accounts: null } as const),
      ...{ maxOrderValue: money.of('1000'), maxDayValue: money.of('5000'), expiresAt: null },
    };
    const at = systemClock();
    const terms = {
      ...grant,
      abilities: [...grant.abilities],
      symbols: [...grant.symbols],
    } as Grant;
    await house.sentinel.grants.execute(
      grantId,
      { type: 'GrantAccess', grant: terms, by, at },
      metadata,
    );
    const { page, problems } = await loggedIn('/desk/grants');
    await page.getByRole('heading', { name: 'Claude <i>at</i> home in force' }).waitFor();
    await page.getByText('not since this start').waitFor();
    expect(await violations(page)).toEqual([]);
    await picture(page, 'grants');
    await page.getByRole('link', { name: /^Look, change or revoke/ }).click();
    await page.getByLabel('Propose: prepare').check();
    await page.getByLabel(/^At most in one order/).fill('many');
    const save = page.getByRole('button', { name: 'In force from the next call' });
    await save.click();
    await page.getByText('A value is a number of dollars').waitFor();
    await page.getByLabel(/^At most in one order/).fill('250.50');
    await page.getByLabel(/^Only these symbols/).fill('nvda, aapl');
    await page.getByLabel(/^Ends at/).fill('2090-01-02 10:00');
    await save.click();
    await page.getByText('In force from the next call on, as version 2.').waitFor();
    expect(await standing()).toMatchObject({
      version: 2,
      grant: {
        ...{ abilities: ['look', 'propose', 'trade'], symbols: ['AAPL', 'NVDA'] },
        ...{
          maxOrderValue: money.of('250.5'),
          expiresAt: Temporal.Instant.from('2090-01-02T10:00Z'),
        },
      },
    });
    expect(await violations(page)).toEqual([]);
    await picture(page, 'grant');
    // Another human changes it while this page is looked at.
    const narrower = { ...terms, abilities: [] };
    const change = {
      type: 'ChangeAccess',
      terms: termsOnly(narrower),
      version: 2,
      by,
      at,
    } as const;
    expect((await house.sentinel.grants.execute(grantId, change, metadata)).ok).toBe(true);
    await page.getByLabel('Govern: ask').check();
    await save.click();
    await page.getByText('Version 2 was looked at, and 3 is in force.').waitFor();
    expect(await page.getByLabel('Govern: ask').isChecked()).toBe(false);
    await page.getByText('Revoke …').click();
    await page.getByLabel(/^Why/).fill('sold');
    await page.getByRole('button', { name: 'Revoke for good' }).click();
    await page.getByText('Revoked: it allows nothing').waitFor();
    expect((await standing())?.standing).toBe('revoked');
    await page.getByRole('heading', { name: 'Revoked: version 4' }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(problems.filter((each) => !each.includes('status of 4'))).toEqual([]);
    await page.close();
  });

  test('issues a key and shows it once, rotates it, and takes it back', async () => {
    const { page, problems } = await loggedIn('/desk/keys');
    await page.getByText('Issue a key …').click();
    await page.getByLabel('For which program').fill('a <b>cron</b> job');
    await page.getByLabel('Propose: prepare').check();
    await page.getByRole('button', { name: 'Issue and show it once' }).click();
    const told = page.locator('.told code');
    const first = `${await told.textContent()}`;
    await page.getByRole('heading', { name: 'a <b>cron</b> job in force' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await picture(page, 'key');
    await page.getByText('Rotate …').click();
    await page.getByRole('button', { name: 'Show a new key' }).click();
    await page.getByText('The one before').waitFor();
    const second = `${await told.textContent()}`;
    expect(new Set([first, second, '']).size).toBe(3);
    await page.goto(house.url('/desk/keys').toString());
    for (const each of [first, second]) expect(await page.content()).not.toContain(each);
    await page.getByText('Revoke …').click();
    await page.getByRole('button', { name: 'Revoke for good' }).click();
    await page.getByText('Revoked: a <b>cron</b> job opens nothing').waitFor();
    const [row] = await house.sentinel.accessLists.keys();
    expect(row?.standing).toBe('revoked');
    expect(problems).toEqual([]);
    await page.close();
  });

  test('keeps to 360 px and to the theme that was chosen, in every room', async () => {
    const { page, problems } = await loggedIn('/desk/halts');
    await page.setViewportSize({ width: 360, height: 800 });
    const colours = { Dark: 'rgb(17, 23, 28)', Light: 'rgb(255, 255, 255)' };
    const background = () =>
      page.evaluate('getComputedStyle(document.body).backgroundColor').catch(() => 'on its way');
    for (const theme of ['Dark', 'Light'] as const)
      for (const room of ['Approvals', 'Grants', 'Keys', 'Halts', 'Passkeys']) {
        await page.getByRole('link', { name: room, exact: true }).first().click();
        await page.waitForURL(`**/desk/${room.toLowerCase()}`);
        if (room === 'Approvals') await page.getByRole('button', { name: theme }).click();
        await expect.poll(background).toBe(colours[theme]);
        await page.waitForLoadState('load');
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
        expect(await violations(page)).toEqual([]);
        await picture(page, `${room}-${theme}-360`);
      }
    expect(problems).toEqual([]);
    await page.close();
  });

  test('takes no form but its own, and leads nowhere else', async () => {
    const form = (path: string, fields: Record<string, string>, cookie = '') =>
      fetch(house.url(path), {
        ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) },
        headers: { cookie },
      });
    const key = testOperatorKey;
    const entered = await form('/desk/log-in', { key, back: '//evil.example/desk' });
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/desk/approvals']);
    const [cookie = ''] = entered.headers.getSetCookie().map((each) => each.split(';')[0] ?? '');
    const paths = [
      '/desk/halts',
      `/desk/grants/${grantId}`,
      '/desk/keys/x/revoke',
      '/desk/log-out',
    ];
    for (const path of paths) {
      const stranger = await form(path, { form_token: 'x' });
      expect([stranger.status, stranger.headers.get('location')]).toEqual([303, '/desk/log-in']);
      for (const token of ['', 'x'])
        expect((await form(path, { form_token: token }, cookie)).status).toBe(403);
    }
    const answer = { digest: 'a'.repeat(64), approves: true };
    const forged = await fetch(house.url('/desk/approvals/x'), {
      ...{ method: 'POST', body: JSON.stringify(answer) },
      headers: { cookie, 'content-type': 'application/json' },
    });
    expect(forged.status).toBe(403);
    const page = await fetch(house.url('/desk/halts'), { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/form-action 'self'/);
    expect(await page.text()).not.toMatch(/https?:|\son\w+=|style=|<script/);
  });
});
