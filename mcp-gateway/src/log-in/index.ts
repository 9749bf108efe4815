export { cookieOf } from './cookies.ts';
export type { SetUpLink } from './one-time-link.ts';
export { type LogIn, openLogIn } from './open-log-in.ts';
export { type OperatorSessions, operatorPrincipal, operatorSessions } from './operator-sessions.ts';
export { humanName } from './routes.ts';
export { newSecret } from './secrets.ts';
export { humanSessions, type LoggedIn, type Sessions } from './sessions.ts';
export { type DeskVisitor, type DeskVisitors, eitherOf, type Humans } from './visitor.ts';
