export { cookieOf } from './cookies.ts';
export { hmac, newSecret, sameText } from './secrets.ts';
export { humanSessions, type LoggedIn, type Sessions } from './sessions.ts';
