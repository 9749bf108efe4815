export * from './health.ts';
export { viewsProblem } from './views-problem.ts';
