import type { z } from 'zod';
import { accessEvents } from './access/index.ts';
import { approvalEvents, approvalQueries, approvalTools } from './approval/index.ts';
import { auditQueries, auditTools } from './audit/index.ts';
import {
  backtestCommands,
  backtestEvents,
  backtestQueries,
  backtestTools,
} from './backtest/index.ts';
import {
  executionCommands,
  executionQueries,
  executionTools,
  sessionEvents,
} from './execution/index.ts';
import {
  governanceCommands,
  governanceQueries,
  governanceTools,
  lifecycleEvents,
} from './governance/index.ts';
import type {
  EventOf,
  MessageDefinition,
  Outcome,
  RequestContext,
  ToolDefinition,
} from './kernel/index.ts';
import { evidenceEvents, marketQueries, marketTools } from './market/index.ts';
import { portfolioQueries, portfolioTools } from './portfolio/index.ts';
import { regimeCommands, regimeEvents, regimeQueries, regimeTools } from './regime/index.ts';
import { controlEvents, riskCommands, riskQueries, riskTools } from './risk/index.ts';
import {
  signalEvents,
  strategyCommands,
  strategyQueries,
  strategyTools,
} from './strategy/index.ts';
import { systemCommands, systemQueries, systemTools } from './system/index.ts';
import {
  watchlistCommands,
  watchlistEvents,
  watchlistQueries,
  watchlistTools,
} from './watchlist/index.ts';

/** Every command of every room. */
export const commands = {
  ...watchlistCommands,
  ...regimeCommands,
  ...strategyCommands,
  ...governanceCommands,
  ...riskCommands,
  ...executionCommands,
  ...backtestCommands,
  ...systemCommands,
} as const satisfies Record<string, MessageDefinition<'command'>>;

/** Every query of every room. */
export const queries = {
  ...watchlistQueries,
  ...marketQueries,
  ...regimeQueries,
  ...strategyQueries,
  ...governanceQueries,
  ...riskQueries,
  ...portfolioQueries,
  ...executionQueries,
  ...approvalQueries,
  ...auditQueries,
  ...backtestQueries,
  ...systemQueries,
} as const satisfies Record<string, MessageDefinition<'query'>>;

export const messages = { ...commands, ...queries } as const;

/** Every event that any stream holds, by its stored type. */
export const events = {
  ...watchlistEvents,
  ...regimeEvents,
  ...lifecycleEvents,
  ...signalEvents,
  ...controlEvents,
  ...sessionEvents,
  ...approvalEvents,
  ...accessEvents,
  ...evidenceEvents,
  ...backtestEvents,
} as const;
export type AnyEvent = EventOf<typeof events>;

/** Every tool, in the order in which it is listed. */
export const tools = {
  ...watchlistTools,
  ...marketTools,
  ...regimeTools,
  ...strategyTools,
  ...riskTools,
  ...portfolioTools,
  ...executionTools,
  ...approvalTools,
  ...governanceTools,
  ...auditTools,
  ...backtestTools,
  ...systemTools,
} as const satisfies Record<string, ToolDefinition<keyof typeof messages>>;

export type MessageName = keyof typeof messages;
export type CommandName = keyof typeof commands;
export type QueryName = keyof typeof queries;
export type ToolName = keyof typeof tools;

/** What a handler of this message receives and answers: the inside forms of its schemas. */
export type InputOf<Name extends MessageName> = z.output<(typeof messages)[Name]['input']>;
export type OutputOf<Name extends MessageName> = z.output<(typeof messages)[Name]['output']>;

/** Answers one message. Refusals are values; what it throws is an outage or a bug. */
export type Handler<Name extends MessageName> = (
  input: InputOf<Name>,
  context: RequestContext,
) => Promise<Outcome<OutputOf<Name>>>;

/** One handler for each message: leaving one out does not compile. */
export type Handlers<Names extends MessageName = MessageName> = {
  readonly [Name in Names]: Handler<Name>;
};
