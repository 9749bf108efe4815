import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

type Graph = {
  readonly graph: {
    readonly nodes: Readonly<Record<string, { readonly data: { readonly targets: object } }>>;
    readonly dependencies: Readonly<Record<string, readonly { readonly target: string }[]>>;
  };
};

const root = join(import.meta.dirname, '..', '..');

/** What each floor stands on, as the architecture's table has it. */
const floors: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  services: ['contracts'],
  projections: ['contracts'],
  infra: ['contracts'],
  'mcp-gateway': ['contracts', 'infra', 'projections', 'services'],
};

test('Nx sees the floors, what each stands on, and what can be run on each', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-graph-'));
  try {
    const file = join(folder, 'graph.json');
    const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
    execFileSync(process.execPath, [nx, 'graph', `--file=${file}`], {
      cwd: root,
      env: { ...process.env, NX_DAEMON: 'false' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    });
    const { graph } = JSON.parse(readFileSync(file, 'utf8')) as Graph;
    const names = Object.keys(graph.nodes);
    expect(names.sort()).toEqual(Object.keys(floors).sort());
    for (const [name, standsOn] of Object.entries(floors)) {
      const targets = (graph.dependencies[name] ?? []).map(({ target }) => target);
      const own = [...new Set(targets)].filter((target) => !target.startsWith('npm:'));
      expect([name, own.sort()]).toEqual([name, [...standsOn].sort()]);
      expect(Object.keys(graph.nodes[name]?.data.targets ?? {})).toEqual(
        expect.arrayContaining(['typecheck', 'lint', 'test']),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 90_000);
