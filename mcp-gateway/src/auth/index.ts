export { type AccessSource, type Allowed, allowedTo, mayCall, scopesOf } from './allowed.ts';
export { type Authenticate, localOperator, type Principal } from './principal.ts';
