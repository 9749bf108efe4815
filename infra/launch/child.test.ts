import { type SpawnOptions, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runChild } from './child.mjs';

const child = join(import.meta.dirname, 'child.mjs');
const piped: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe'] };

/** Runs `program` under a launcher of its own, with no terminal, and says how the launcher ended. */
const launched = (program: string, whenUp = '') => {
  const script = `
    import { endLike, runChild } from ${JSON.stringify(child)};
    ${whenUp}
    endLike(await runChild(process.execPath, ['-e', ${JSON.stringify(program)}], { stdio: 'inherit' }));`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 20_000,
  });
};

test('what the program writes and how it ends are told', async () => {
  const program = "process.stdout.write('out'); process.stderr.write('err'); process.exitCode = 3;";
  const ended = await runChild(process.execPath, ['-e', program], piped);
  expect(ended).toMatchObject({ code: 3, signal: null, asked: undefined });
  expect(ended.output).toMatch(/^(outerr|errout)$/);
});

test('a program that is not there is an error', async () => {
  await expect(runChild('no-such-program-here', [], piped)).rejects.toThrow('ENOENT');
});

test('the launcher ends with the program: same code', () => {
  expect(launched('process.exitCode = 7')).toMatchObject({ status: 7, signal: null });
});

test.skipIf(process.platform === 'win32')('or death by the same signal', () => {
  expect(launched("process.kill(process.pid, 'SIGKILL')")).toMatchObject({ signal: 'SIGKILL' });
});

test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
  '%s reaches the program once, and its end is waited for',
  (signal) => {
    // The program itself asks its parent, so the signal comes when both surely listen.
    const program = `
      let times = 0;
      process.on('${signal}', () => { times += 1; });
      for (const _ of [1, 2]) process.kill(process.ppid, '${signal}');
      setTimeout(() => { console.log('stopped after', times); }, 300);`;
    expect(launched(program)).toMatchObject({ status: 0, stdout: 'stopped after 1\n' });
  },
);
