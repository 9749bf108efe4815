export { type Approved, approvalChallenge, isProved } from './proof.ts';
export { readExport } from './read-export.ts';
export { verifyExported } from './verify-exported.ts';
export { verifyRecorded } from './verify-recorded.ts';
