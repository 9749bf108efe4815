export { type AccessSource, type Allowed, allowedTo, mayCall, scopesOf } from './allowed.ts';
export {
  type Authenticate,
  anyOf,
  localOperator,
  NotKnownNow,
  type Principal,
  StillStarting,
} from './principal.ts';
