import { parseArgs } from 'node:util';
import { chaos } from './run.ts';

// Kills the program and its database during a stream of orders: `npm run chaos -- --kills 50 --seed 1`.

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const report = await chaos({ kills: Number(values.kills), seed: Number(values.seed), onKill: say });
const killed = Object.entries(report.kills).map(([kill, count]) => `${count} ${kill}`);
say(`killed: ${killed.join(', ')}; clean exit ${report.cleanExit}`);
say(
  `${report.acknowledged} orders acknowledged, ${report.submitted} in the log, ${report.events} events`,
);
for (const problem of report.problems) say(`PROBLEM ${problem}`);
say(
  report.problems.length === 0
    ? 'nothing lost, nothing twice, no hole, views equal to a rebuild'
    : 'FAILED',
);
process.exit(report.problems.length === 0 && report.cleanExit === 0 ? 0 : 1);
