import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { dependencyRules } from './dependency-rules.ts';
import { roomCircles } from './room-circles.ts';

export type DependencyReport = {
  /** How many modules of ours were read: none is what a broken parser finds, too. */
  readonly modules: number;
  /** Each breach as `rule: from -> to`. */
  readonly breaches: readonly string[];
};

const floors = ['contracts', 'services', 'projections', 'infra', 'mcp-gateway'];

/** Reads who imports whom below `root`, types included, and judges it by the rules of the house. */
export const readDependencies = async (root: string): Promise<DependencyReport> => {
  const { output } = await cruise(
    floors,
    {
      baseDir: root,
      ruleSet: { forbidden: [...dependencyRules] },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: '(^|/)node_modules/' },
    },
    {
      extensions: ['.ts', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  );
  const { modules, summary } = output as ICruiseResult;
  const own = modules.filter(({ source }) =>
    floors.some((floor) => source.startsWith(`${floor}/`)),
  );
  const imports = own
    .filter(({ source }) => !source.endsWith('.test.ts'))
    .flatMap(({ source, dependencies }) =>
      dependencies.map(({ resolved }) => ({ from: source, to: resolved })),
    );
  return {
    modules: own.length,
    breaches: [
      ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
      ...roomCircles(imports).map((circle) => `no-circle-of-rooms: ${circle}`),
    ],
  };
};
