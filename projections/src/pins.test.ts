import { events } from '@sentinel/contracts';
import { quantitySchema, type z } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { allProjections } from './catalog.ts';
import { type AnyProjection, codedRow } from './kernel/index.ts';
import { departuresFrom, type Pins, pinsOf, pinsText, readPins } from './samples/pins.ts';
import { wholeStory } from './samples/story.ts';
import { watchlist } from './watchlist/index.ts';

test('the story holds every type of event', () => {
  const told = new Set(wholeStory.map(({ event }) => event.type));
  const untold = Object.keys(events).filter((type) => !told.has(type as keyof typeof events));
  expect(
    untold,
    'Tell them in projections/src/samples/story.ts, then run `npm run pin-views`.',
  ).toEqual([]);
});

test('every view is what was pinned of its version', async () => {
  const now = await pinsOf(wholeStory, allProjections);
  const sentences = departuresFrom(readPins(), now).map(({ sentence }) => sentence);
  expect(sentences.join('\n')).toBe('');
  expect(pinsText(now)).toBe(pinsText(readPins()));
});

describe('it is seen when', () => {
  /** The watchlist as it might become, all other views as they are. */
  const withWatchlist = (over: Partial<AnyProjection>) =>
    allProjections.map(
      (each): AnyProjection => (each.view === watchlist.view ? { ...each, ...over } : each),
    );
  const seen = async (over: Partial<AnyProjection>, story = wholeStory) =>
    departuresFrom(
      await pinsOf(wholeStory, allProjections),
      await pinsOf(story, withWatchlist(over)),
    );
  const renamed: Partial<AnyProjection> = {
    evolve: (row, fact, key) => {
      const next = (watchlist as AnyProjection).evolve(row, fact, key);
      return { ...(next as object), groups: ['renamed'] };
    },
  };
  const wider: Partial<AnyProjection> = {
    row: codedRow(
      (watchlist.row.schema as z.ZodObject).extend({ lots: quantitySchema.optional() }),
    ),
  };
  const shorter = wholeStory.slice(0, -1);

  test('a fold makes other rows', async () => {
    const [departure, ...more] = await seen(renamed);
    expect(more).toEqual([]);
    expect(departure?.mayBePinned).toBe(false);
    expect(departure?.sentence).toMatch(
      /^The view watchlist makes other rows .* raise its version, then run `npm run pin-views`\.$/,
    );
  });

  test('a fold makes other fields', async () => {
    const [departure] = await seen({ fieldsOf: () => ({ active: 'x' }) });
    expect(departure?.sentence).toContain('makes other rows or fields');
  });

  test('a row has another form, also beside another story', async () => {
    for (const story of [wholeStory, shorter]) {
      const departures = await seen(wider, story);
      expect(departures.at(-1)?.sentence).toContain('has another row');
      expect(departures.at(-1)?.mayBePinned).toBe(false);
    }
  });

  test('a version went back', async () => {
    const [departure] = await seen({ version: 1 });
    expect(departure?.mayBePinned).toBe(false);
  });

  test('the story is another one', async () => {
    const departures = await seen({}, shorter);
    expect(departures.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^The sample story is another one: .* run `npm run pin-views`\.$/),
    ]);
  });

  test('a fold is another one under a new version, which may be pinned', async () => {
    const departures = await seen({ ...renamed, ...wider, version: 4 });
    expect(departures).toEqual([
      {
        sentence: 'The view watchlist has version 4 and is pinned at 3: run `npm run pin-views`.',
        mayBePinned: true,
      },
    ]);
  });

  test('a view came or went', () => {
    const pins: Pins = readPins();
    const { watchlist: gone, ...views } = pins.views;
    const fewer = { ...pins, views };
    expect(gone).toBeDefined();
    expect(departuresFrom(pins, fewer)[0]?.sentence).toContain('is pinned and no more');
    expect(departuresFrom(fewer, pins)[0]?.sentence).toContain('is not pinned');
  });
});
