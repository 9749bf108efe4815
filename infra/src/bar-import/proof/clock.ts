import { exchangeDays, timeframeMinutes } from '@sentinel/contracts/market';
import {
  type BarColumns,
  type ClockReading,
  clockReadings,
  emptyColumns,
  exactHours,
  intradayTimeframe,
  knownZones,
} from '../../market-data/index.ts';
import type { Findings } from '../findings.ts';
import type { ImportOptions } from '../options.ts';
import type { Series } from '../series.ts';
import { instantsOf, wallMs } from './kind.ts';

const dayMs = 86_400_000;
const newYork = 'America/New_York';

type Timed = { readonly startMs: readonly number[]; readonly minutes: number };

/** Times and volumes in order of time, for what they prove; wall times stand as if they were New York's. */
const evidence = (series: Series, ms: readonly number[]): BarColumns => {
  const order = ms.map((_, i) => i).sort((a, b) => (ms[a] ?? 0) - (ms[b] ?? 0));
  const bars = emptyColumns(order.length);
  for (const [place, i] of order.entries()) {
    bars.startMs[place] = ms[i] ?? 0;
    bars.day[place] = exchangeDays.at(ms[i] ?? 0);
    bars.volume[place] = Number(series.bars[i]?.volume ?? 0);
  }
  return bars;
};

const asNewYork = (wall: number): number => {
  const day = Math.floor(wall / dayMs);
  return exchangeDays.minuteOf(day, (wall - day * dayMs) / 60_000);
};

const shares = ({ ratio }: ClockReading): string =>
  Number.isFinite(ratio) ? `${ratio.toFixed(0)} times as much trades` : 'all trade is';

/** Which zone the wall times are of: as told, as the volumes prove it, or asked for. */
const zoneOf = (
  readings: readonly ClockReading[],
  options: ImportOptions,
  findings: Findings,
): string | undefined => {
  const proved = readings.find(({ zone }) => zone === newYork) ?? readings[0];
  if (options.zone !== undefined) {
    const fits = readings.find(({ zone }) => zone === options.zone);
    if (fits === undefined && proved !== undefined)
      findings.told(
        'zone',
        `is taken as ${options.zone} as told, though its volumes look like ${proved.zone}`,
      );
    else
      findings.told(
        'zone',
        `is taken as ${options.zone} as told${fits === undefined ? '' : ', and its volumes bear it out'}`,
      );
    return options.zone;
  }
  if (proved === undefined) {
    findings.asked(
      'zone',
      'its times say no zone, and its volumes show none: say --zone America/New_York, --zone UTC or what they are',
    );
    return undefined;
  }
  findings.proved(
    'zone',
    `times are of ${proved.zone}: ${shares(proved)} from 09:30 New York on as before it`,
  );
  return proved.zone;
};

const stampOf = (
  reading: ClockReading | undefined,
  options: ImportOptions,
  findings: Findings,
): 'start' | 'end' | undefined => {
  if (options.stamp !== undefined) {
    const contradicted = reading !== undefined && reading.stamp !== options.stamp;
    findings.told(
      'stamp',
      `bars are taken as stamped at their ${options.stamp} as told${contradicted ? `, though their volumes look like the ${reading.stamp}` : ''}`,
    );
    return options.stamp;
  }
  if (reading === undefined) {
    findings.asked(
      'stamp',
      'nothing shows which end of a bar its time tells: say --stamp start or --stamp end',
    );
    return undefined;
  }
  findings.proved('stamp', `bars are stamped at their ${reading.stamp}`);
  return reading.stamp;
};

const readingsOf = (bars: BarColumns, minutes: number, zones: readonly string[]) => {
  const byVolume = clockReadings(bars, minutes, zones);
  return byVolume.length > 0 ? byVolume : exactHours(bars, minutes, zones);
};

/** When each bar begins, in the order of the series; undefined when something is to be asked first. */
export const settleClock = (
  series: Series,
  saysZone: boolean,
  { options, findings }: { readonly options: ImportOptions; readonly findings: Findings },
): Timed | undefined => {
  const instant = instantsOf();
  const walls = series.bars.map(({ time }) => wallMs(time));
  const said = saysZone
    ? series.bars.map(({ time }) => instant(time, 'UTC'))
    : walls.map(asNewYork);
  const bars = evidence(series, said);
  const timeframe = intradayTimeframe(bars);
  if (typeof timeframe === 'object') {
    findings.refused('cadence', timeframe.problem);
    return undefined;
  }
  const minutes = timeframeMinutes[timeframe];
  findings.proved('cadence', `bars of ${minutes} minute${minutes === 1 ? '' : 's'}`);
  const isExchange = options.calendar === 'nyse';
  const zones = saysZone
    ? [newYork]
    : [...new Set([...knownZones, ...(options.zone === undefined ? [] : [options.zone])])];
  const readings = isExchange ? readingsOf(bars, minutes, zones) : [];
  if (saysZone && options.zone !== undefined)
    findings.told('zone', `its times say their zone: --zone ${options.zone} was not needed`);
  const zone = saysZone ? newYork : zoneOf(readings, options, findings);
  const stamp = stampOf(
    readings.find((reading) => reading.zone === zone),
    options,
    findings,
  );
  if (zone === undefined || stamp === undefined) return undefined;
  const late = stamp === 'end' ? minutes * 60_000 : 0;
  return {
    minutes,
    startMs: series.bars.map(
      ({ time }, i) => (saysZone ? (said[i] ?? 0) : instant(time, zone)) - late,
    ),
  };
};
