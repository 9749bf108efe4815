export { type LogIn, openLogIn } from './open-log-in.ts';
export { newSecret } from './secrets.ts';
export { humanSessions, type LoggedIn, type Sessions } from './sessions.ts';
