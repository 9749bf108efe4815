import { measureBars } from './measure-bars.ts';
import { measureCallFlood } from './measure-call-flood.ts';
import { measureAssessment, measureBacktests, measurePaperVenue } from './measure-decisions.ts';
import { measureFlood } from './measure-flood.ts';
import { growthSizes, measureGrowth } from './measure-growth.ts';
import { measureHalt } from './measure-halt.ts';
import { measureHttps } from './measure-https.ts';
import { measureKernels } from './measure-kernels.ts';
import { measureMigration, migratedEvents } from './measure-migration.ts';
import { measureProgram } from './measure-program.ts';
import { measureRebuild } from './measure-rebuild.ts';
import { measureScan } from './measure-scan.ts';
import { measureStart } from './measure-start.ts';
import { measureWhatIf } from './measure-what-if.ts';
import { say, type Verdict } from './verdict.ts';

const asked = process.argv.slice(2);
/** How many events `rebuild` builds views from: `--events 1000000`. */
const eventsAt = asked.indexOf('--events');
const events = eventsAt === -1 ? 100_000 : Number(asked.splice(eventsAt, 2)[1]);

/** What can be measured, by name: `npm run bench -- kernels venue` measures those alone. */
const sections: Readonly<Record<string, () => readonly Verdict[] | Promise<readonly Verdict[]>>> = {
  kernels: measureKernels,
  scan: measureScan,
  assessment: measureAssessment,
  venue: measurePaperVenue,
  backtest: measureBacktests,
  bars: measureBars,
  halt: measureHalt,
  program: measureProgram,
  https: measureHttps,
  start: measureStart,
  'what-if': measureWhatIf,
  flood: measureFlood,
  'call-flood': measureCallFlood,
  growth: () => measureGrowth(growthSizes),
  migration: () => measureMigration(migratedEvents),
  rebuild: () => measureRebuild(events),
};

/** Minutes of a rebuild and a million events belong to no run that did not ask for them. */
const onlyByName = ['flood', 'call-flood', 'growth', 'migration', 'rebuild'];

const unknown = asked.find((name) => !Object.hasOwn(sections, name));
if (unknown !== undefined) {
  say(`There is no section ${unknown}: choose among ${Object.keys(sections).join(', ')}.`);
  process.exit(1);
}
if (!Number.isSafeInteger(events) || events < 1) {
  say('--events takes a count of events.');
  process.exit(1);
}
const verdicts: Verdict[] = [];
for (const [name, measure] of Object.entries(sections))
  if (asked.length === 0 ? !onlyByName.includes(name) : asked.includes(name))
    verdicts.push(...(await measure()));
for (const { what, ratio, bound, holds } of verdicts)
  say(
    `${holds ? 'holds ' : 'MISSES'}  ${ratio.toFixed(2).padStart(9)}  ${bound.padEnd(9)}  ${what}`,
  );
process.exit(verdicts.every(({ holds }) => holds) ? 0 : 1);
