export { type BranchCoverage, branchCoverage } from './branch-coverage.ts';
export { type Pins, pinsIn } from './pins.ts';
export { withFiles } from './with-files.ts';
