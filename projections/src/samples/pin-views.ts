import { existsSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { allProjections } from '../catalog.ts';
import { departuresFrom, pinsFile, pinsOf, pinsText, readPins } from './pins.ts';
import { wholeStory } from './story.ts';

/** Pins every view as it is now, but none that changed under the version that is pinned. */
const now = await pinsOf(wholeStory, allProjections);
const refused = existsSync(pinsFile)
  ? departuresFrom(readPins(), now).filter(({ mayBePinned }) => !mayBePinned)
  : [];
if (refused.length === 0) {
  writeFileSync(pinsFile, pinsText(now));
  process.stdout.write(`${pinsFile}\n`);
} else {
  for (const { sentence } of refused) process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
