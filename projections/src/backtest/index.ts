export { type RunRow, runs } from './runs.ts';
