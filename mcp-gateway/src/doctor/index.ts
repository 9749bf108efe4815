export { examine } from './examine.ts';
export { linesOf } from './finding.ts';
export { thisWorld } from './world.ts';
