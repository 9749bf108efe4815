import type { ToolName } from '@sentinel/contracts';
import { type SharedState, SharedStateUnavailable } from '@sentinel/contracts/kernel';
import type { Principal } from '../auth/index.ts';
import { surfaceOf } from '../mcp/index.ts';
import { NotCounted, TooMany } from './too-many.ts';

/** Thirty a second over ten seconds: more than any agent thinks, and less than a loop that ran away. */
const most = 300;
const windowMs = 10_000;

/** By these one gets out, or takes back what waits; a human must always be able to. */
const waysOut: ReadonlySet<string> = new Set<ToolName>([
  'execution.cancel_order',
  'execution.cancel_all',
  'execution.close_position',
  'execution.flatten_all',
]);

const surface = surfaceOf({ readOnly: false, toolsets: undefined });

/** Whether a message is one that adds no risk: it looks, stops, gets out, or is no call of a tool. */
const addsNothing = (message: unknown): boolean => {
  if (typeof message !== 'object' || message === null || !('method' in message)) return true;
  if (message.method !== 'tools/call') return true;
  const { params } = message as { readonly params?: { readonly name?: unknown } };
  const tool = typeof params?.name === 'string' ? surface.find(params.name) : undefined;
  // What is no tool is refused by that.
  if (tool === undefined) return true;
  return tool.listed.annotations.readOnlyHint || tool.stops || waysOut.has(tool.id);
};

const messagesIn = (body: unknown): readonly unknown[] => (Array.isArray(body) ? body : [body]);

/** Takes a request of a principal, or throws TooMany or NotCounted. */
export type CountCalls = (principal: Principal, body: unknown) => Promise<void>;

/**
 * Counts what each principal asks of all gateways together, each message of a batch. Where that cannot be
 * counted, what could add risk is refused; looking, stopping and getting out go on.
 */
export const countCalls =
  (count: () => SharedState['count'] | undefined): CountCalls =>
  async ({ name }, body) => {
    const messages = messagesIn(body);
    const by = Math.max(1, messages.length);
    try {
      const counted = await count()?.(`calls.${name}`, { by, windowMs });
      if (counted !== undefined && counted.total > most)
        throw new TooMany(
          `${name} asks more than ${most} times in ${windowMs / 1_000} seconds.`,
          counted.endsInMs,
        );
    } catch (error) {
      if (!(error instanceof SharedStateUnavailable)) throw error;
      if (!messages.every(addsNothing))
        throw new NotCounted(
          'Calls cannot be counted just now, so nothing is taken that could add risk. Looking, stopping and getting out go on.',
          { cause: error },
        );
    }
  };
