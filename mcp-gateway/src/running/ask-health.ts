import { z } from 'zod';

const healthSchema = z.object({
  version: z.string(),
  instance: z.string().optional(),
  components: z.array(z.object({ component: z.string(), state: z.string(), detail: z.string() })),
});
export type Health = z.output<typeof healthSchema>;

/** What answers on an address: nobody, somebody else, somebody who says nothing in time, or a Sentinel. */
export type Answer =
  | { readonly is: 'nobody' }
  | { readonly is: 'stranger' }
  | { readonly is: 'silent' }
  | { readonly is: 'sentinel'; readonly health: Health };

const answerWithinMs = 3_000;

const nobodyListens = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  (error.cause.code === 'ECONNREFUSED' || error.cause.code === 'ECONNRESET');

/** Asks the address how it is. One that takes the connection and says nothing sensible is a stranger. */
export const askHealth = async (address: string): Promise<Answer> => {
  try {
    const response = await fetch(`${address}/health`, {
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const health = healthSchema.safeParse(await response.json());
    return health.success ? { is: 'sentinel', health: health.data } : { is: 'stranger' };
  } catch (error) {
    if (nobodyListens(error)) return { is: 'nobody' };
    return { is: error instanceof DOMException ? 'silent' : 'stranger' };
  }
};

export const isStarting = ({ components }: Health): boolean =>
  components.some(({ state }) => state === 'starting');
