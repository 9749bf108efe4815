import { z } from 'zod';

const healthSchema = z.object({
  version: z.string(),
  components: z.array(z.object({ state: z.string() })),
});

/** What answers on an address: nobody, somebody else, or a Sentinel that starts or serves. */
export type Found = 'nobody' | 'stranger' | 'starting' | 'serving';

const answerWithinMs = 3_000;

const nobodyListens = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  (error.cause.code === 'ECONNREFUSED' || error.cause.code === 'ECONNRESET');

/** Asks the address how it is. One that takes the connection and says nothing sensible is a stranger. */
export const findServer = async (address: string): Promise<Found> => {
  try {
    const response = await fetch(`${address}/health`, {
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const health = healthSchema.safeParse(await response.json());
    if (!health.success) return 'stranger';
    return health.data.components.some(({ state }) => state === 'starting')
      ? 'starting'
      : 'serving';
  } catch (error) {
    return nobodyListens(error) ? 'nobody' : 'stranger';
  }
};
