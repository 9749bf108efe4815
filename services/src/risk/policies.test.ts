import { join } from 'node:path';
import { canonicalJson, money, price } from '@sentinel/contracts/kernel';
import { checkCodes } from '@sentinel/contracts/risk';
import { sha256 } from '@sentinel/infra/runtime';
import { type BranchCoverage, branchCoverage, pinsIn } from '@sentinel/infra/test-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Assessment } from './assess.ts';
import type { PolicyCase } from './test-policy-cases.ts';

const pins = pinsIn(join(import.meta.dirname, 'policies.pinned.json'));

/**
 * What is pinned for a policy that decides no more, by its digest. Who makes a new policy seals the one
 * before. A seal is never changed: old decisions are made again by what it holds.
 */
const seals: Readonly<Record<string, string>> = {
  'risk-1': 'c71729649cf0d2c54e777f54cdab837b4eba215a522f7767263cfc4a59549bc4',
  'risk-2': 'abe954643ede107ea3c7c98e656eff49926dca721742961610c9977b43fb5365',
  'risk-3': '8bae330824a1166da938502e76a2d58038a46d779f94254cdb08639308c0ef0e',
  'risk-4': '7931847429e8e321ff653d513d0a94d754cac0f8a8ba85dece12e98b29e29636',
  'risk-5': 'd241d6607a805bb75a368301820a21505d1462e885ecc9190ed715dc750e56a1',
  'risk-6': '3436ca20133340fde3b61c1930378209aa39b6fcf48da1e14864593016abb623',
  'risk-7': '951f413ecbb12759adbc2e52beeed17cf93aefba7c088e5796974faf9a927cb7',
};

/** Where something decides: each of their branches must be reached by a pinned case. */
const decides =
  /\/services\/src\/risk\/(checks\/[a-z-]+|assess|account|maintenance|reserve|committee)\.ts$/;

/** Branches that no case can reach, and why. */
const unreachable = (version: string): readonly RegExp[] => [
  // What cannot be priced has no quote, and STALE_DATA blocks it: anything else is a bug, and throws.
  /assess\.ts: throw new Error/,
  // Before risk-7 no check left anything to a human.
  ...(/risk-[1-6]$/.test(version) ? [/assess\.ts: (return \{ policy|case .needs_human)/] : []),
  // Before risk-3 only what is approved gets a collar, and without a quote nothing is.
  ...(['risk-1', 'risk-2'].includes(version) ? [/collar\.ts: \? null/] : []),
];

// Branches are counted in modules that are loaded once the counting has begun.
const loaded = async () => ({
  ...(await import('./assess.ts')),
  ...(await import('./policies.ts')),
  ...(await import('./test-policy-cases.ts')),
  ...(await import('./record.ts')),
});
let house: Awaited<ReturnType<typeof loaded>>;
let coverage: BranchCoverage;
beforeAll(async () => {
  coverage = await branchCoverage((url) => decides.test(url));
  house = await loaded();
});
afterAll(() => coverage.stop());

const textOf = ({ code }: PolicyCase, { reducing, checks, verdict }: Assessment): string => {
  const check = checks.find((each) => each.code === code);
  if (check === undefined) throw new Error(`${code} is not checked`);
  const { status, value, limit, unit, hard } = check;
  const outcome =
    verdict.outcome === 'DENIED'
      ? `DENIED ${verdict.code}`
      : verdict.outcome === 'APPROVAL_REQUIRED'
        ? verdict.outcome
        : `APPROVED ${money.format(verdict.approval.reservedCash)}${verdict.approval.intent.collar === undefined ? '' : ` up to ${price.format(verdict.approval.intent.collar)}`}`;
  const all = { reducing, checks: checks.map(house.withoutProse), outcome };
  return `${status} ${value} of ${limit} ${unit}${hard ? '' : ', soft'}; ${outcome}${reducing ? ', reducing' : ''}; ${sha256(canonicalJson(all)).slice(0, 16)}`;
};

/** What a policy says of each case of a check that it makes. */
const resultsOf = (version: string): Readonly<Record<string, string>> => {
  const policy = house.policyOf(version);
  if (policy === undefined) throw new Error(`there is no policy ${version}`);
  return Object.fromEntries(
    house.policyCases
      .filter(({ code }) => code in policy.checks)
      .map((each) => [each.name, textOf(each, house.assess(each.inputs, policy))]),
  );
};

const versions = ['risk-1', 'risk-2', 'risk-3', 'risk-4', 'risk-5', 'risk-6', 'risk-7', 'risk-8'];
const uncalled: ReadonlySet<string>[] = [];

describe.each(versions)('the policy %s', (version) => {
  test('says of every pinned case what it has always said', () => {
    const results = resultsOf(version);
    for (const [name, said] of Object.entries(pins.of(version)))
      expect(`${name} ${results[name]}`).toBe(`${name} ${said}`);
  });

  test('is sealed once it decides no more, and pins every case while it does', () => {
    if (version in seals) expect(pins.sealOf(version)).toBe(seals[version]);
    else expect(pins.missing(version, resultsOf(version))).toEqual([]);
    if (version !== house.currentPolicy.version) expect(Object.keys(seals)).toContain(version);
  });

  test('has each branch of each check reached by a pinned case', async () => {
    const policy = house.policyOf(version);
    const pinned = house.policyCases.filter(({ name }) => name in pins.of(version));
    await coverage.reset();
    for (const { inputs } of pinned) house.assess(inputs, policy);
    const missed = await coverage.missed();
    const exempt = unreachable(version);
    expect(missed.blocks.filter((each) => !exempt.some((no) => no.test(each)))).toEqual([]);
    uncalled.push(new Set(missed.functions));
  });

  test('has each check pass in one pinned case and fail in another', () => {
    const checks = Object.keys(house.policyOf(version)?.checks ?? {});
    // What is left to a human has not passed either.
    const said = Object.entries(pins.of(version)).map(([name, text]) =>
      `${name} ${text}`.replace('NEEDS_HUMAN', 'FAIL'),
    );
    const wanted = checks.flatMap((code) => [`${code} PASS`, `${code} FAIL`]);
    const seen = said.map((text) =>
      text.replace(/:.*?(PASS|FAIL|SKIPPED|NOT_APPLICABLE) .*/, ' $1'),
    );
    expect(wanted.filter((each) => !seen.includes(each))).toEqual([]);
  });
});

test('every policy is tried above, and no function that decides is left out', () => {
  expect(house.policies.map(({ version }) => version)).toEqual(versions);
  const [first = new Set<string>(), ...others] = uncalled;
  expect([...first].filter((each) => others.every((set) => set.has(each)))).toEqual([]);
});

test('the cases have names of their own', () => {
  const names = house.policyCases.map(({ name }) => name);
  expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
});

test('each policy checks in the order of precedence, and the current one checks every code', () => {
  for (const { checks } of house.policies) {
    const codes = Object.keys(checks);
    expect(codes).toEqual(checkCodes.filter((code) => codes.includes(code)));
  }
  expect(Object.keys(house.currentPolicy.checks)).toEqual(checkCodes);
});
