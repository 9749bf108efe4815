export { type Account, accounts } from './account.ts';
export { portfolioQueryHandlers } from './queries.ts';
