export { type Authenticate, localOperator, type Principal } from './principal.ts';
