import { parseArgs } from 'node:util';

/** What ends the command with one sentence. */
export class MigrationProblem extends Error {
  override readonly name = 'MigrationProblem';
}

const usage = `Usage: npm run migrate-log -- --from LOG --to LOG
  LOG is  postgres        DATABASE_URL, or the database in SENTINEL_DATA_DIR
          eventstore      EVENTSTORE_URL, with EVENTSTORE_STREAM_PREFIX
          postgres://…    or esdb://…, whose password the list of processes shows
Stop Sentinel first. Ctrl-C ends it after the page under way; the same command goes on from there.`;

export type MigrationOptions = { readonly from: string; readonly to: string };

/** @throws MigrationProblem */
export const readOptions = (args: readonly string[]): MigrationOptions => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { from: { type: 'string' }, to: { type: 'string' } },
    });
    const { from, to } = values;
    if (from === undefined || to === undefined) throw new MigrationProblem(usage);
    if (from === to) throw new MigrationProblem('--from and --to name the same log.');
    return { from, to };
  } catch (cause) {
    if (cause instanceof MigrationProblem) throw cause;
    throw new MigrationProblem(usage, { cause });
  }
};
