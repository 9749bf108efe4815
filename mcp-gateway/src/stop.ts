import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorProblem } from './operator-problem.ts';
import { type FoundServer, findServer, readServerFile } from './running/index.ts';
import { settingsOfCommand } from './settings-of-command.ts';

// Ends the server of the data folder cleanly, and says what happened.

const endsWithinMs = 60_000;
const lookEveryMs = 100;

type Running = Extract<FoundServer, { readonly is: 'running' }>['server'];

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const askToEnd = (pid: number): void => {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ESRCH') return;
    throw new OperatorProblem(
      `Process ${pid} cannot be asked to end (${code}): run this as the account that runs Sentinel.`,
      { cause: error },
    );
  }
};

const end = async (dataDir: string, { pid, instance, url }: Running): Promise<string> => {
  askToEnd(pid);
  const begunMs = performance.now();
  while (performance.now() - begunMs < endsWithinMs) {
    const read = await readServerFile(dataDir);
    // It takes its file away as the last thing that it does.
    if (read.is !== 'there' || read.file.instance !== instance)
      return `Stopped: process ${pid} at ${url} has ended cleanly.`;
    if (!isThere(pid))
      return `Process ${pid} at ${url} has ended, and not cleanly: whatever was acknowledged is in the log; see sentinel.log in ${dataDir}.`;
    await sleep(lookEveryMs);
  }
  throw new OperatorProblem(
    `Process ${pid} at ${url} was asked to end, and still runs after ${endsWithinMs / 1000} s.`,
  );
};

const stop = async (): Promise<string> => {
  const { SENTINEL_DATA_DIR: dataDir } = settingsOfCommand(process.env);
  const found = await findServer(dataDir);
  switch (found.is) {
    case 'none':
      return `No Sentinel runs on the data folder ${dataDir}: there is nothing to stop.`;
    case 'stale':
      return `No Sentinel runs on the data folder ${dataDir}: process ${found.server.pid} ended earlier without saying so. There is nothing to stop.`;
    case 'unclear':
      throw new OperatorProblem(`Nothing was stopped: ${found.why}.`);
    case 'running':
      return end(dataDir, found.server);
  }
};

try {
  process.stdout.write(`${await stop()}\n`);
} catch (error) {
  if (!(error instanceof OperatorProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
