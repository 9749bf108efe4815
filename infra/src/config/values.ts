import { tools } from '@sentinel/contracts';
import { type VenueFaults, venueFaultsSchema } from '@sentinel/contracts/execution';
import { parseDecimal } from '@sentinel/contracts/kernel';
import { type Ticker, tickerArgument } from '@sentinel/contracts/market';
import { z } from 'zod';

export const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.int().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));

/** A share of equity such as 0.05, brought to basis points exactly: 500. Never through a float. */
export const shareAsBps = (most: bigint) =>
  z.string().transform((text, context) => {
    const bps = parseDecimal(text, 4);
    if (bps !== undefined && bps >= 0n && bps <= most * 10_000n) return Number(bps);
    context.issues.push({
      code: 'custom',
      input: text,
      message: `must be a decimal from 0 to ${most} with at most 4 places`,
    });
    return z.NEVER;
  });

export const dollars = (most: bigint, least = 1n) =>
  z.string().transform((text, context) => {
    const amount = parseDecimal(text, 6);
    if (amount !== undefined && amount >= least && amount <= most * 1_000_000n) return amount;
    context.issues.push({
      code: 'custom',
      input: text,
      message: `must be a ${least > 0n ? 'positive decimal' : 'decimal from 0'} up to ${most}`,
    });
    return z.NEVER;
  });

export const tickers = z.string().transform((text, context): Ticker[] => {
  const parsed = text.split(',').map((each) => tickerArgument.safeParse(each.trim()));
  const bad = parsed.find((each) => !each.success);
  if (bad === undefined) return parsed.flatMap((each) => (each.success ? [each.data] : [])).sort();
  context.issues.push({ code: 'custom', input: text, message: 'must be tickers parted by commas' });
  return z.NEVER;
});

/** Basis points by the fault's name, such as `reject=50,timeout=100`. */
const faultNames = {
  reject: 'rejectBps',
  timeout: 'timeoutBps',
  duplicate_fill: 'duplicateFillBps',
  late_fill: 'lateFillBps',
  disconnect: 'disconnectBps',
} as const;
const noFaults = Object.fromEntries(Object.values(faultNames).map((name) => [name, 0]));

export const faults = z.string().transform((text, context): VenueFaults => {
  const given = text.split(',').map((each) => each.split('='));
  const known = given.map(([name = '', bps]) => [
    faultNames[name as keyof typeof faultNames] ?? name,
    Number(bps ?? Number.NaN),
  ]);
  const parsed = venueFaultsSchema.safeParse({ ...noFaults, ...Object.fromEntries(known) });
  if (parsed.success) return parsed.data;
  context.issues.push({
    code: 'custom',
    input: text,
    message: `must give basis points up to 10000 for ${Object.keys(faultNames).join(', ')}, such as reject=50,timeout=100`,
  });
  return z.NEVER;
});

export const date = z.iso.date('must be a date of the calendar such as 2016-03-01');
export const flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true');
/** Keys go to this address, and so it must be encrypted, but for a host of this machine. */
export const address = (secure: string, plain: string) =>
  z.string().refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname } = new URL(text);
    return protocol === `${secure}:` || (protocol === `${plain}:` && loopback.has(hostname));
  }, `must start with ${secure}://`);
export const loopback = new Set(['127.0.0.1', 'localhost', '::1']);

/** Rooms of tools, each once. */
const rooms = [...new Set(Object.keys(tools).map((id) => id.slice(0, id.indexOf('.'))))];

/** Which tools are listed: all, or those of some rooms, as `?toolsets=` has it over HTTP. */
export const toolsets = z.string().transform((text, context): readonly string[] => {
  const given = text.split(',').map((room) => room.trim().toLowerCase());
  if (given.includes('all') && given.length === 1) return given;
  if (given.every((room) => rooms.includes(room)))
    return rooms.filter((room) => given.includes(room));
  const message = `must be all, or some of ${rooms.join(', ')}, parted by commas`;
  context.issues.push({ code: 'custom', input: text, message });
  return z.NEVER;
});

/** A part of all, as a number: nothing of money is one. */
export const share = z
  .string()
  .regex(/^(0(\.\d{1,6})?|1(\.0{1,6})?)$/, 'must be a decimal from 0 to 1 such as 0.1')
  .transform(Number);

export const httpAddress = z
  .url({ protocol: /^https?$/, error: 'must start with http:// or https://' })
  .refine((text) => !/[?#]/.test(text), 'must have neither ? nor #');

/** Headers as OpenTelemetry writes them: `name=value,name=value`, with values encoded as in an address. */
export const headers = z.string().transform((text, context): Readonly<Record<string, string>> => {
  const pairs = text.split(',').map((each) => /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(each));
  try {
    const read = pairs.map((pair) => [pair?.[1] ?? '', decodeURIComponent(pair?.[2] ?? '')]);
    if (read.every(([name, value]) => name !== '' && /^[\x20-\x7e]+$/.test(value ?? '')))
      return Object.fromEntries(read);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
  }
  context.issues.push({
    code: 'custom',
    input: text,
    message: 'must be name=value pairs parted by commas',
  });
  return z.NEVER;
});
