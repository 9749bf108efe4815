export { addressOf, publicAddressOf } from './address.ts';
export { announce, refuseSecond } from './announce.ts';
export { askHealth, isStarting } from './ask-health.ts';
export { type FoundServer, findServer } from './find-server.ts';
export { portOwner } from './port-owner.ts';
export { readServerFile } from './server-file.ts';
