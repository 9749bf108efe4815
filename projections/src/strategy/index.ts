export { unknownStrategy } from './known.ts';
export { strategies, strategyQueryHandlers } from './strategies.ts';
