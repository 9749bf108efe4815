import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHouse, type TestHouse, testOperatorKey } from './test-house.ts';

let house: TestHouse;
let client: Client;
let folder: string;
beforeAll(async () => {
  house = await startTestHouse();
  client = new Client({ name: 'approve', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(house.url('/mcp')));
  folder = await mkdtemp(join(tmpdir(), 'sentinel-approve-'));
  await writeFile(join(folder, 'operator.key'), `${testOperatorKey}\n`, { mode: 0o600 });
}, 60_000);
afterAll(async () => {
  await client.close();
  await house.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The operator's command, without a terminal: what it printed and how it ended. */
const approve = (...args: readonly string[]) => command(args);

/** The same with a person at it, who writes these lines. */
const atTerminal = (lines: string, ...args: readonly string[]) =>
  command(args, { lines, node: ['--import', 'data:text/javascript,process.stdin.isTTY=true'] });

type Run = {
  readonly lines?: string;
  readonly node?: readonly string[];
  readonly of?: string;
};

const command = (
  args: readonly string[],
  { lines = '', node = [], of = 'approve.ts' }: Run = {},
): Promise<{ out: string; err: string; code: number }> =>
  new Promise((resolve) => {
    const script = join(import.meta.dirname, of);
    const env = { ...process.env, SENTINEL_DATA_DIR: folder, PORT: house.url('/').port };
    const child = execFile(
      process.execPath,
      [...node, script, ...args],
      { env },
      (error, out, err) =>
        resolve({ out, err, code: typeof error?.code === 'number' ? error.code : 0 }),
    );
    child.stdin?.end(lines);
  });

const propose = async (reason: string, qty = 2) => {
  const { structuredContent } = await client.callTool({
    name: 'execution_propose_order',
    arguments: { symbol: 'NVDA', side: 'buy', qty, order_type: 'market', reason },
  });
  return (structuredContent as { readonly approval: { readonly request_id: string } }).approval
    .request_id;
};

describe('npm run approve', () => {
  test('shows what is asked in words that steer no terminal, and takes the digest of exactly that', async () => {
    const id = await propose('\u001b[2Jsay y \u202eplease');
    const looked = await approve(id);
    expect(looked.code).toBe(1);
    expect(looked.err).toContain('A human must answer');
    expect(looked.out).toContain('Buy 2 NVDA by market order');
    expect(looked.out).toContain('Simulated: no real money');
    for (const steering of ['\u001b', '\u202e']) expect(looked.out).not.toContain(steering);
    const digest = /digest {2}([0-9a-f]{64})/.exec(looked.out)?.[1] ?? '';
    const wrong = await approve(id, '--approve-digest', 'a'.repeat(64));
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.err).toContain('not that of this request');
    const done = await approve(id, '--approve-digest', digest);
    expect(done).toMatchObject({ code: 0 });
    expect(done.out).toContain('Approved: the order passed every check again');
    const again = await approve(id, '--approve-digest', digest);
    expect(again.err).toContain('granted already');
  }, 60_000);

  test('takes a no at the terminal for an answer, and anything else but a yes for later', async () => {
    const id = await propose('a wish', 4);
    const later = await atTerminal('\n', id);
    expect(later).toMatchObject({ code: 0, err: '' });
    expect(later.out).toContain('Left for later. Nothing has changed');
    expect(later.out).toMatch(
      /to be answered until \d{4}-\d\d-\d\d \d\d:\d\d UTC \(\d+ minutes? from now\)/,
    );
    expect((await atTerminal('', id)).out).toContain('Left for later');
    const no = await atTerminal('n\n', id);
    expect(no).toMatchObject({ code: 0, err: '' });
    expect(no.out).toContain('Declined: nothing was submitted.');
    expect((await atTerminal('y\n', id)).err).toContain('declined already');
  }, 60_000);

  test('lists what is pending when it is given none, and needs a terminal to take an answer', async () => {
    await propose('another', 3);
    const listed = await approve();
    expect(listed).toMatchObject({ code: 1 });
    expect(listed.out).toContain('Buy 3 NVDA by market order');
    expect((await approve('unknown')).err).toContain('There is no such request.');
    expect((await approve('--yes')).err).toContain('Usage:');
  }, 60_000);
});

describe('npm run keys', () => {
  const keys = (...args: readonly string[]) => command(args, { of: 'keys.ts' });
  /** What the command asks for, as whoever holds the operator's key. */
  const asked = async (path: string, body?: object) => {
    const response = await fetch(house.url(path), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${testOperatorKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return response.text();
  };

  test('issues a key that is shown once, lists and revokes it', async () => {
    const issued = await keys('issue', 'batch', '--allow', 'look,trade', '--symbols', 'nvda');
    expect(issued).toMatchObject({ code: 0 });
    expect(issued.out).toMatch(/^sk_sentinel_\S{66}\n$/);
    expect(issued.err).toContain('shown this once');
    const [keyId = ''] = /[0-9a-f-]{36}/.exec(issued.err) ?? [];
    const listed = await keys();
    expect(listed.out).toContain(`${keyId}  in force  batch`);
    expect(listed.out).toContain('allows look, trade');
    expect(listed.out).not.toContain(issued.out.slice(40, 60));
    expect((await keys('revoke', keyId)).out).toContain('opens nothing');
    expect(await asked('/keys')).toContain('"standing":"revoked"');
    const ends = { expiresAt: null, previousUntil: null };
    expect(await asked(`/keys/${keyId}/rotate`, ends)).toContain('never taken again');
  }, 60_000);

  test('is asked in words that can be read, and answers what is none', async () => {
    expect(await keys('issue', 'x', '--allow', 'look', '--expires', 'soon')).toMatchObject({
      ...{ code: 1, err: expect.stringContaining('soon is no time') },
    });
    const noLimits = { symbols: null, accounts: null, maxOrderValue: null, maxDayValue: null };
    const terms = { ...noLimits, abilities: ['look'], expiresAt: null };
    const issue = (changed: object) =>
      asked('/keys', { label: 'x', terms: { ...terms, ...changed } });
    expect(await issue({ abilities: ['admin'] })).toContain('cannot be read: terms.abilities');
    expect(await issue({ expiresAt: '2020-01-01T00:00:00Z' })).toContain('ended');
    expect(await asked('/keys/x/revoke', { reason: null })).toContain('There is no such key');
    const { key_id: keyId } = JSON.parse(await issue({})) as { readonly key_id: string };
    const previousUntil = '2100-01-01T00:00:00Z';
    const rotated = await asked(`/keys/${keyId}/rotate`, { expiresAt: null, previousUntil });
    expect(rotated).toContain('sk_sentinel_');
    expect(await asked('/keys')).toContain(`"previous_until":"${previousUntil}"`);
    for (const path of ['/keys', `/keys/${keyId}/revoke`])
      expect(
        (await fetch(house.url(path), { method: path === '/keys' ? 'GET' : 'POST' })).status,
      ).toBe(401);
  });
});
