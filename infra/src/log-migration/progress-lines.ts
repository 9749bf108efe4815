import type { MigrationProgress, MigrationStep } from './migrate-log.ts';

/** Progress as lines for a person, at most one in `everyMs`: how many, how fast, and how long still. */
export const progressLines = (
  say: (line: string) => void,
  { nowMs, everyMs }: { readonly nowMs: () => number; readonly everyMs: number },
): ((progress: MigrationProgress) => void) => {
  let step: MigrationStep | undefined;
  let since = { ms: 0, events: 0 };
  let saidMs = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = nowMs();
    if (progress.step !== step) {
      step = progress.step;
      since = { ms: now, events: progress.events };
      saidMs = now;
      return;
    }
    if (now - saidMs < everyMs) return;
    saidMs = now;
    const rate = ((progress.events - since.events) * 1_000) / Math.max(1, now - since.ms);
    say(`${step}: ${progress.events}${rest(progress, rate)}`);
  };
};

const rest = ({ events, of }: MigrationProgress, rate: number): string => {
  const pace = ` events, ${Math.round(rate)} a second`;
  if (rate === 0) return pace;
  return ` of ${of}${pace}, ${Math.ceil((of - events) / rate)} s left`;
};
