export * from './queries.ts';
export type { AssessmentVerdict } from './self-assessment.ts';
export * from './tools.ts';
