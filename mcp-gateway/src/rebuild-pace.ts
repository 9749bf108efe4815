/** Positions of a log of our own count events; a server's are larger than any count. */
const mostCounted = 2n ** 64n;

/** Each step as a line for a person: how far, how fast, and how long it takes still. */
export const rebuildPace = (nowMs: () => number) => {
  let first: { readonly ms: number; readonly done: bigint } | undefined;
  return (step: { readonly done: string; readonly total: string }): string => {
    const [done, total] = [BigInt(step.done), BigInt(step.total)];
    const now = nowMs();
    first ??= { ms: now, done };
    const far =
      total < mostCounted
        ? `folded ${done} of ${total} events`
        : `folded ${(done * 100n) / total} % of the log`;
    const folded = Number(done - first.done);
    if (folded <= 0 || now <= first.ms) return far;
    const rate = (folded * 1_000) / (now - first.ms);
    const pace = total < mostCounted ? `, ${Math.round(rate)} a second` : '';
    return `${far}${pace}, ${Math.ceil(Number(total - done) / rate)} s left`;
  };
};
