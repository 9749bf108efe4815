export { classifications, regimeQueryHandlers } from './classifications.ts';
