import { loopback } from './values.ts';

type Door = {
  readonly METRICS_PORT?: number | undefined;
  readonly METRICS_HOST: string;
  readonly METRICS_TOKEN?: string | undefined;
};

/** Which setting would let anybody read the metrics, or does nothing, and why; undefined where none does. */
export const whyOpen = ({
  METRICS_PORT: port,
  METRICS_HOST: host,
  METRICS_TOKEN: token,
}: Door): readonly [keyof Door, string] | undefined => {
  if (port === undefined && (token !== undefined || !loopback.has(host)))
    return ['METRICS_PORT', 'must be set where METRICS_HOST or METRICS_TOKEN is'];
  if (!loopback.has(host) && token === undefined)
    return ['METRICS_TOKEN', 'must be set where METRICS_HOST is not a loopback address'];
  return undefined;
};
