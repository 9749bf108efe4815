import { setTimeout as sleep } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type Chance, seededChance } from './chance.ts';
import type { Acknowledged, Ledger } from './ledger.ts';
import type { OrderCall } from './orders.ts';
import { addressOf, ChaosFailure, type Site } from './program.ts';

const callers = 8;
const callsPerCaller = 400;
const pauseMs = 25;
const answerWithinMs = 40_000;
/** One call in five repeats an earlier one. */
const repeatOneIn = 5;
const seeds = 1_000_000_000;

type Answer =
  | { readonly kind: 'acknowledged'; readonly answer: Acknowledged }
  /** Nothing is known of the order: the same call must be made again. */
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'wrong'; readonly text: string };

type ToolResult = Awaited<ReturnType<Client['callTool']>>;

const uuid = '[0-9a-f]{8}-[0-9a-f-]{27}';
const deniedText = new RegExp(`The order was not submitted; decision ${uuid}, order (${uuid})\\.`);
/** The refusals that say that nothing was decided. */
const undecided = /^(UNAVAILABLE|CONTENDED): /;

const read = (result: ToolResult): Answer => {
  const [first] = result.content;
  const text = first?.type === 'text' ? first.text : '';
  if (result.isError !== true) {
    const { order } = result.structuredContent as { readonly order: { readonly order_id: string } };
    return { kind: 'acknowledged', answer: { orderId: order.order_id, denied: false } };
  }
  const orderId = deniedText.exec(text)?.[1];
  if (orderId !== undefined) return { kind: 'acknowledged', answer: { orderId, denied: true } };
  return undecided.test(text) ? { kind: 'unanswered' } : { kind: 'wrong', text };
};

/** One client that speaks the current protocol; undefined when its server is gone already. */
const openClient = async (site: Site): Promise<Client | undefined> => {
  const client = new Client(
    { name: 'chaos', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', addressOf(site))));
    return client;
  } catch {
    // A kill may come before the caller does; then that one stays away for this time.
    return undefined;
  }
};

/** Makes one call and reads what it was answered. */
export const place = async (client: Client, call: OrderCall): Promise<Answer> => {
  try {
    const request = { name: 'execution_paper_order', arguments: { ...call.arguments } };
    return read(await client.callTool(request, { timeout: answerWithinMs }));
  } catch {
    // The connection broke before the answer: that is what a crash looks like from outside.
    return { kind: 'unanswered' };
  }
};

const settle = (ledger: Ledger, call: OrderCall, answer: Answer): boolean => {
  if (answer.kind === 'acknowledged') ledger.acknowledge(call, answer.answer);
  if (answer.kind === 'wrong') ledger.complain(`${call.key} was answered ${answer.text}`);
  return answer.kind === 'acknowledged';
};

/** Runs some work with as many clients as there are callers, and closes them. */
const withClients = async (site: Site, work: (client: Client) => Promise<void>): Promise<void> => {
  const opened = await Promise.all(Array.from({ length: callers }, () => openClient(site)));
  const clients = opened.filter((client) => client !== undefined);
  try {
    await Promise.all(clients.map(work));
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
};

export type Stream = { readonly site: Site; readonly ledger: Ledger; readonly chance: Chance };

/**
 * Places orders from several callers at once until told to stop; who gets no answer makes the same
 * call again, as a careful client would. Answers how many calls repeated an earlier one.
 */
export const streamOrders = async (
  { site, ledger, chance }: Stream,
  signal: AbortSignal,
): Promise<number> => {
  let repeats = 0;
  // Callers race, so they draw from chance of their own: the moments of the kills stay the seed's.
  const calls = seededChance(chance.below(seeds));
  const choose = (): OrderCall => {
    if (ledger.sent() === 0 || calls.below(repeatOneIn) !== 0) return ledger.next();
    repeats += 1;
    return ledger.call(calls.below(ledger.sent()));
  };
  await withClients(site, async (client) => {
    let call = choose();
    for (let n = 0; n < callsPerCaller && !signal.aborted; n++) {
      if (settle(ledger, call, await place(client, call))) call = choose();
      else await sleep(pauseMs);
    }
  });
  return repeats;
};

/** Makes every unanswered call again, with its own key, until each has its answer. */
export const retryUnanswered = async (
  { site, ledger }: Stream,
  withinMs: number,
): Promise<number> => {
  const waiting = [...ledger.unanswered()];
  const count = waiting.length;
  if (count === 0) return 0;
  const deadline = performance.now() + withinMs;
  await withClients(site, async (client) => {
    for (let call = waiting.pop(); call !== undefined; call = waiting.pop()) {
      const complaints = ledger.complaints().length;
      while (!settle(ledger, call, await place(client, call))) {
        if (ledger.complaints().length > complaints) break;
        if (performance.now() > deadline)
          throw new ChaosFailure(`${call.key} was not answered within ${withinMs} ms`);
        await sleep(pauseMs);
      }
    }
  });
  if (waiting.length > 0) throw new ChaosFailure('no client reached the program that was ready');
  return count;
};
