export { cutConnections } from './cut-connections.ts';
export { measureCopy } from './measure-copy.ts';
export { memoryReadModels } from './memory.ts';
export { postgresReadModels } from './postgres.ts';
export type { ReadModels } from './read-models.ts';
