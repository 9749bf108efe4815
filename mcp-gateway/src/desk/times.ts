import { type Html, html } from '../page/index.ts';

/** Text such as 2026-11-27 14:30 UTC. */
const textOf = (instant: Temporal.Instant): string =>
  `${instant.toString({ smallestUnit: 'minute' }).replace('T', ' ').replace('Z', '')} UTC`;

export const timeOf = (instant: Temporal.Instant): Html =>
  html`<time datetime="${instant.toString()}">${textOf(instant)}</time>`;
