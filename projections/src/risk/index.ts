export { killSwitch, riskQueryHandlers } from './kill-switch.ts';
