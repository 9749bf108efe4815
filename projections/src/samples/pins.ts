import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  beforeAll,
  canonicalJson,
  type Json,
  type RecordedEvent,
  type Sha256,
  z,
} from '@sentinel/contracts/kernel';
import { sha256 } from '@sentinel/infra/runtime';
import { decodePage } from '../kernel/decode-page.ts';
import { foldSteps, stepsOf } from '../kernel/fold.ts';
import type { AnyProjection } from '../kernel/index.ts';
import { logOf, type Placed } from './log.ts';

/** What a view is: digests of its row's schema, and of all that it makes of the sample story. */
export type Pin = { readonly version: number; readonly row: Sha256; readonly fold: Sha256 };
export type Pins = { readonly story: Sha256; readonly views: Readonly<Record<string, Pin>> };

/** Something that is not as it was pinned, and whether pinning it anew would hide a mistake. */
export type Departure = { readonly sentence: string; readonly mayBePinned: boolean };

export const pinsFile = join(import.meta.dirname, '..', 'views.pinned.json');
export const readPins = (): Pins => JSON.parse(readFileSync(pinsFile, 'utf8')) as Pins;
export const pinsText = (pins: Pins): string => `${JSON.stringify(pins, null, 2)}\n`;

const digest = (value: unknown): Sha256 => sha256(canonicalJson(value as Json));

/** Every row and its fields after every event: also what a later event wipes away is pinned. */
const foldOf = (projection: AnyProjection, recorded: readonly RecordedEvent[]): Sha256 => {
  const rows = new Map<string, unknown>();
  const written: Json[] = [];
  for (const entry of decodePage(recorded, [projection])) {
    const { steps, poison } = stepsOf(projection, [entry], beforeAll);
    const folded = foldSteps(projection, steps, rows);
    const problem = poison ?? folded.poison;
    if (problem !== undefined) throw new Error(`${projection.view}: ${problem.problem}`);
    for (const [key, { row, stored }] of folded.rows) {
      rows.set(key, row);
      written.push([`${entry.recorded.logPosition}`, key, (stored as Json | undefined) ?? null]);
    }
  }
  if (written.length === 0) throw new Error(`the story tells ${projection.view} nothing`);
  return digest([projection.fields, written]);
};

/** The pins of these projections over a story, as the code is now. */
export const pinsOf = async (
  story: readonly Placed[],
  projections: readonly AnyProjection[],
): Promise<Pins> => {
  const recorded = await (await logOf(story)).readAll({ maxCount: 5_000 });
  const views = projections.map((projection): readonly [string, Pin] => [
    projection.view,
    {
      version: projection.version,
      row: digest(z.toJSONSchema(projection.row.schema, { io: 'input' })),
      fold: foldOf(projection, recorded),
    },
  ]);
  const told = recorded.map(({ stream, type, schemaVersion, data }) => [
    stream,
    type,
    schemaVersion,
    data,
  ]);
  return { story: digest(told), views: Object.fromEntries(views) };
};

const anew = 'run `npm run pin-views`';

const ofView = (view: string, pinned: Pin, now: Pin): Departure | undefined => {
  if (now.version > pinned.version) {
    const sentence = `The view ${view} has version ${now.version} and is pinned at ${pinned.version}: ${anew}.`;
    return { sentence, mayBePinned: true };
  }
  const what =
    now.version < pinned.version
      ? 'went back behind what was pinned'
      : now.row !== pinned.row
        ? 'has another row than was pinned'
        : now.fold !== pinned.fold
          ? 'makes other rows or fields of the same events than was pinned'
          : undefined;
  if (what === undefined) return undefined;
  const sentence = `The view ${view} ${what} under version ${now.version}, and rows that are stored would not be built again: raise its version, then ${anew}.`;
  return { sentence, mayBePinned: false };
};

const otherStory: Departure = {
  sentence: `The sample story is another one: change it without changing any fold, then ${anew}.`,
  mayBePinned: true,
};

/** What is no longer as it was pinned; empty when all is. Of another story folds cannot be compared. */
export const departuresFrom = (pinned: Pins, now: Pins): readonly Departure[] => {
  const isSame = now.story === pinned.story;
  const names = [...new Set([...Object.keys(pinned.views), ...Object.keys(now.views)])];
  const views = names.map((view): Departure | undefined => {
    const [before, after] = [pinned.views[view], now.views[view]];
    if (before !== undefined && after !== undefined)
      return ofView(view, isSame ? before : { ...before, fold: after.fold }, after);
    const is = before === undefined ? 'is not pinned' : 'is pinned and no more';
    return { sentence: `The view ${view} ${is}: ${anew}.`, mayBePinned: true };
  });
  return [...(isSame ? [] : [otherStory]), ...views.filter((each) => each !== undefined)];
};
