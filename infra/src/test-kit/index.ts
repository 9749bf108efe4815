export { type BranchCoverage, branchCoverage } from './branch-coverage.ts';
export { type Pins, pinsIn } from './pins.ts';
export { type TestAuthority, type TestPair, testAuthority } from './test-authority.ts';
export { withFiles } from './with-files.ts';
