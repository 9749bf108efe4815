import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDependencies } from './dependencies.ts';
import { dependencyRules } from './dependency-rules.ts';
import { roomCircles } from './room-circles.ts';

const root = join(import.meta.dirname, '..', '..');

test('the house keeps its dependency rules', async () => {
  const { modules, breaches } = await readDependencies(root);
  expect(breaches).toEqual([]);
  expect(modules).toBeGreaterThan(100);
});

/** Each breaks one rule: the files that are added to a small house in order. */
const broken: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'contracts-reaches-only-zod': {
    'contracts/src/market/quote.ts': "import { readFile } from 'node:fs';\nexport { readFile };\n",
  },
  'services-reaches-only-contracts': {
    'services/src/risk/assess.ts': "import { z } from 'zod';\nexport const y = z;\n",
  },
  'projections-reaches-only-contracts': {
    'projections/src/risk/view.ts': "import { a } from '@sentinel/services/risk';\nexport { a };\n",
  },
  'infra-reaches-no-floor-but-contracts': {
    'infra/src/pool/pool.ts':
      "import type { A } from '@sentinel/services/risk';\nexport type B = A;\n",
  },
  'nobody-reaches-the-gateway': {
    'infra/src/pool/pool.ts': "import '@sentinel/mcp-gateway/main';\n",
  },
  'floors-meet-through-packages': {
    'services/src/risk/assess.ts': "export * from '../../../contracts/src/market/index.ts';\n",
  },
  'rooms-meet-through-index': {
    'contracts/src/risk/limits.ts': "export * from '../market/quote.ts';\n",
  },
  'no-circle-of-modules': {
    'contracts/src/market/quote.ts':
      "import type { Bar } from './bar.ts';\nexport type Quote = Bar;\n",
    'contracts/src/market/bar.ts':
      "import type { Quote } from './quote.ts';\nexport type Bar = Quote;\n",
  },
  'no-circle-of-rooms': {
    'contracts/src/risk/limits.ts': "import '../market/index.ts';\n",
    'contracts/src/risk/index.ts': 'export const limit = 1;\n',
    'contracts/src/market/bar.ts': "import '../risk/index.ts';\n",
  },
  'everything-resolves': {
    'contracts/src/market/quote.ts': "export * from './gone.ts';\n",
  },
  'no-test-is-imported': {
    'contracts/src/market/quote.test.ts': 'export const sample = 1;\n',
    'contracts/src/market/quote.ts': "export * from './quote.test.ts';\n",
  },
};

const inOrder: Readonly<Record<string, string>> = {
  'node_modules/zod/package.json': '{ "name": "zod", "main": "index.js" }',
  'node_modules/zod/index.js': 'exports.z = 1;\n',
  'contracts/package.json':
    '{ "name": "@sentinel/contracts", "exports": { "./*": "./src/*/index.ts" } }',
  'services/package.json':
    '{ "name": "@sentinel/services", "exports": { "./*": "./src/*/index.ts" } }',
  'mcp-gateway/package.json':
    '{ "name": "@sentinel/mcp-gateway", "exports": { "./*": "./src/*.ts" } }',
  'contracts/src/market/index.ts': "export * from './quote.ts';\n",
  'contracts/src/market/quote.ts': "import { z } from 'zod';\nexport type Quote = typeof z;\n",
  'contracts/src/risk/index.ts': "export * from '../market/index.ts';\n",
  'services/src/risk/index.ts': "export type A = 1;\nexport { a } from './assess.ts';\n",
  'services/src/risk/assess.ts': "import '@sentinel/contracts/market';\nexport const a = 1;\n",
  'services/src/risk/assess.test.ts': "import 'node:fs';\nimport '../risk/assess.ts';\n",
  'projections/src/risk/view.ts': "import '@sentinel/contracts/risk';\n",
  'infra/src/pool/pool.ts': "import 'node:net';\nimport '@sentinel/contracts/market';\n",
  'mcp-gateway/src/main.ts': "import '@sentinel/services/risk';\n",
};

describe('in a small house', () => {
  let house = '';

  const put = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), text);
    }
  };

  beforeEach(() => {
    house = mkdtempSync(join(tmpdir(), 'sentinel-house-'));
    put(inOrder);
    mkdirSync(join(house, 'node_modules/@sentinel'));
    for (const floor of ['contracts', 'services', 'mcp-gateway']) {
      symlinkSync(join(house, floor), join(house, 'node_modules/@sentinel', floor), 'junction');
    }
  });

  afterEach(() => rmSync(house, { recursive: true, force: true }));

  test('what is in order passes', async () => {
    expect(await readDependencies(house)).toEqual({ modules: 9, breaches: [] });
  });

  test.each(Object.keys(broken))('%s is seen to fail', async (rule) => {
    put(broken[rule] ?? {});
    const { breaches } = await readDependencies(house);
    expect(breaches.map((breach) => breach.split(':')[0])).toContain(rule);
  });

  test('no rule is left out', () => {
    const names = [...dependencyRules.map(({ name }) => name), 'no-circle-of-rooms'];
    expect(new Set(Object.keys(broken))).toEqual(new Set(names));
  });
});

test('a circle of three rooms is named once, and sharing a room is none', () => {
  const room = (name: string): string => `services/src/${name}/index.ts`;
  const imports = (pairs: readonly string[]) =>
    pairs.map((pair) => ({ from: room(pair.charAt(0)), to: room(pair.charAt(1)) }));
  expect(roomCircles(imports(['ab', 'bc', 'ca', 'da']))).toEqual([
    'services/src/a -> services/src/b -> services/src/c -> services/src/a',
  ]);
  expect(roomCircles(imports(['ab', 'ac', 'bd', 'cd']))).toEqual([]);
});
