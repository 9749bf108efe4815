import { type Outcome, type Refusal, refused } from '@sentinel/contracts/kernel';
import { type Allowed, allowedTo, mayCall, type Principal } from '../auth/index.ts';
import type { CallOptions } from './call-options.ts';
import { broken } from './refusals.ts';
import type { ListedTool, PreparedTool, Surface } from './surface.ts';

const starting: Refusal = {
  code: 'UNAVAILABLE',
  message: 'Sentinel is still starting.',
  remedy: 'Try again in a few seconds.',
};

const desk = '/desk';

/** What a principal may do at this moment; a refusal where that cannot be learnt, or is nothing. */
export const allowedNow = async (
  principal: Principal,
  options: CallOptions,
): Promise<Outcome<Allowed>> => {
  const house = options.sentinel();
  // Who needs no grant needs no house to be told what they may not do.
  if (principal.grant === undefined && principal.kind !== 'agent')
    return { ok: true, value: { scopes: principal.scopes } };
  if (house === undefined) return { ok: false, refusal: starting };
  try {
    return await allowedTo(principal, house.access, options.deskAt ?? desk);
  } catch (error) {
    return broken(error, options);
  }
};

/** Lets a call pass that its principal may make, and says of any other what is wanting and where it is got. */
export const pass = async (
  { tool, principal }: { readonly tool: PreparedTool; readonly principal: Principal },
  options: CallOptions,
): Promise<Outcome<Allowed>> => {
  const found = await allowedNow(principal, options);
  if (!found.ok || mayCall(tool, found.value)) return found;
  const { scope } = tool;
  const has = [...found.value.scopes].join(' ') || 'nothing';
  return principal.grant === undefined
    ? refused(
        'FORBIDDEN',
        `${tool.id} needs the scope ${scope}, which ${principal.name} has not.`,
        'Use a principal that has it.',
      )
    : refused(
        'INSUFFICIENT_SCOPE',
        `insufficient_scope: ${tool.id} needs ${scope}, and the grant of ${principal.name} allows ${has}.`,
        `A human can widen it at ${options.deskAt ?? desk}; it is in force from the next call on, with the same token.`,
      );
};

/** The tools that a client is shown: of one that acts by a grant, those that it allows at this moment. */
export const listedFor = async (
  { surface, principal }: { readonly surface: Surface; readonly principal: Principal },
  options: CallOptions,
): Promise<Outcome<readonly ListedTool[]>> => {
  if (principal.grant === undefined && principal.kind !== 'agent')
    return { ok: true, value: surface.listed };
  const found = await allowedNow(principal, options);
  if (!found.ok) return found;
  const shown = surface.listed.filter(({ name }) => {
    const tool = surface.find(name);
    return tool !== undefined && mayCall(tool, found.value);
  });
  return { ok: true, value: shown };
};
