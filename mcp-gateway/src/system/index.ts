export { briefHandlers } from './brief.ts';
export * from './health.ts';
export { rebuildHandlers } from './rebuild-views.ts';
export { viewHandlers } from './views.ts';
export { viewsProblem } from './views-problem.ts';
