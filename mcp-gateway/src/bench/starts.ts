import { startSentinelOn } from './program.ts';
import { say } from './verdict.ts';

const bytesPerMegabyte = 1_000_000;

export const megabytes = (bytes: number): string => `${(bytes / bytesPerMegabyte).toFixed(0)} MB`;

/** The quickest of some starts on the same data, and the most memory that any of them took. */
export const measureStarts = async (dataDir: string, times: number) => {
  let [readyMs, peakBytes] = [Number.POSITIVE_INFINITY, 0];
  for (let start = 0; start < times; start++) {
    const started = await startSentinelOn(dataDir);
    const ended = await started.stop();
    say(`  ready after ${started.readyMs.toFixed(0)} ms, at most ${megabytes(ended.peakBytes)}`);
    readyMs = Math.min(readyMs, started.readyMs);
    peakBytes = Math.max(peakBytes, ended.peakBytes);
  }
  return { readyMs, peakBytes };
};
