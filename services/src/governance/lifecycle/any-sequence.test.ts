import { lifecyclePath } from '@sentinel/contracts/governance';
import type { StrategyState } from '@sentinel/contracts/strategy';
import { sha256 } from '@sentinel/infra/runtime';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import {
  answerOf,
  approving,
  backtestOf,
  dayOf,
  goodEvidence,
  promoting,
  recordOf,
  registering,
  retiring,
  suspending,
} from '../test-evidence.ts';
import type { LifecycleCommand } from './commands.ts';
import { lifecycleDecider } from './decider.ts';
import type { LifecycleState } from './state.ts';

const decider = lifecycleDecider(sha256);

const principals = ['local:test', 'human:ada', 'human:bob', 'claude', 'system', '', 'human:'];
const evidence = [
  goodEvidence,
  { ...goodEvidence, record: recordOf({ sessions: 1 }) },
  { tried: { trials: 1_000_000, variance: null }, record: null, drift: null },
];

type Make = (n: number) => LifecycleCommand;
const makes: fc.Arbitrary<Make> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        target: fc.constantFrom(...lifecyclePath),
        requestedBy: fc.constantFrom(...principals),
        evidence: fc.constantFrom(...evidence),
      })
      .map((of) => (n: number) => promoting(of.target, n, of)),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        back: fc.integer({ min: 0, max: 4 }),
        principal: fc.constantFrom(...principals),
        evidence: fc.constantFrom(...evidence),
      })
      .map(({ back, principal, evidence: measured }) => (n: number) => {
        const { requestId } = answerOf(Math.max(0, n - back));
        const answer = { ...answerOf(n, principal), requestId };
        return approving(n, { answer, evidence: measured });
      }),
  },
  { weight: 1, arbitrary: fc.constant<Make>(suspending) },
  { weight: 1, arbitrary: fc.constant<Make>(retiring) },
  {
    weight: 1,
    arbitrary: fc.constant<Make>((n) => ({ type: 'ExpireRequests', wall: dayOf(n) })),
  },
  {
    weight: 2,
    arbitrary: fc.constant<Make>((n) => ({ type: 'RecordBacktest', result: backtestOf(n) })),
  },
);

const stateOf = (of: LifecycleState): StrategyState | undefined =>
  of.phase === 'unknown' ? undefined : of.state;

/** Whether one event may lead from the one state to the other. */
const isStep = (from: StrategyState, to: StrategyState, before: StrategyState | null): boolean => {
  if (from === 'retired') return false;
  if (to === 'retired' || to === 'suspended') return true;
  if (from === 'suspended') return to === before;
  const path: readonly StrategyState[] = lifecyclePath;
  return path.indexOf(to) === path.indexOf(from) + 1;
};

/** Plays a sequence that begins on a state of the way, and calls back at each event that moves it. */
const play = (
  start: number,
  sequence: readonly Make[],
  onMove: (
    event: ReturnType<typeof decider.decide>,
    was: LifecycleState,
    is: LifecycleState,
  ) => void,
): number => {
  const way = lifecyclePath
    .slice(1, start + 1)
    .flatMap((target, n): readonly LifecycleCommand[] =>
      target.startsWith('live') ? [promoting(target, n), approving(n)] : [promoting(target, n)],
    );
  const commands = [
    registering(),
    { type: 'RecordBacktest', result: backtestOf(0) } as const,
    ...way,
    ...sequence.map((make, n) => make(20 + Math.floor(n / 4))),
  ];
  let state: LifecycleState = decider.initialState;
  let moves = 0;
  for (const command of commands) {
    const outcome = decider.decide(command, state);
    if (!outcome.ok) continue;
    const was = state;
    state = outcome.value.reduce(decider.evolve, state);
    const again = decider.decide(command, state);
    // A denial is told again, with the yes before it, and what was granted is no more: nothing else is decided twice.
    if (again.ok && again.value.at(-1)?.type !== 'PromotionDenied') expect(again.value).toEqual([]);
    if (stateOf(was) === stateOf(state)) continue;
    moves += 1;
    onMove(outcome, was, state);
  }
  return moves;
};

test('no sequence of commands skips a state, leaves retired, or goes live without another human', () => {
  let lived = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: lifecyclePath.length - 1 }),
      fc.array(makes, { maxLength: 60 }),
      (start, sequence) => {
        play(start, sequence, (outcome, was, is) => {
          const [from, to] = [stateOf(was), stateOf(is)];
          if (from === undefined || to === undefined || was.phase === 'unknown') return;
          expect([from, to, isStep(from, to, was.before)]).toEqual([from, to, true]);
          const event = outcome.ok ? outcome.value.at(-1) : undefined;
          if (event?.type !== 'StrategyPromoted') return;
          const { approvedBy, requestedBy, requestId } = event.data;
          const needsHuman = to === 'live' || to === 'live_approved' || from === 'suspended';
          if (!needsHuman) return;
          lived += 1;
          expect(approvedBy).toMatch(/^human:.+/);
          expect(approvedBy).not.toBe(requestedBy);
          expect(requestId).not.toBeNull();
        });
      },
    ),
    { numRuns: propertyRuns(300) },
  );
  // A property over nothing would hold.
  expect(lived).toBeGreaterThan(50);
});
