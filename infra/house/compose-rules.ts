import { z } from 'zod';

const serviceSchema = z.looseObject({
  image: z.string(),
  build: z.looseObject({ context: z.string(), dockerfile: z.string() }).optional(),
  user: z.string(),
  read_only: z.boolean().optional(),
  privileged: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  mem_limit: z.string().optional(),
  cpus: z.number().optional(),
  pids_limit: z.number().optional(),
  ports: z.array(z.string()).optional(),
  network_mode: z.string().optional(),
  networks: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
});
export type ComposeService = z.output<typeof serviceSchema>;

export const composeSchema = z.looseObject({
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() })),
});

/** What has to hold of every service, and whether it does. */
const rules: Readonly<Record<string, (service: ComposeService) => boolean>> = {
  'runs as somebody else than root': ({ user }) => /^[1-9]\d*:[1-9]\d*$/.test(user),
  'writes nothing but its volumes': ({ read_only }) => read_only === true,
  'has no capabilities of its own accord': ({ cap_drop }) => cap_drop?.includes('ALL') === true,
  'gets no new privileges': ({ security_opt, privileged }) =>
    security_opt?.includes('no-new-privileges:true') === true && privileged !== true,
  'tells how it is': ({ healthcheck }) => (healthcheck?.test.length ?? 0) > 1,
  'has bounded memory, processors and processes': ({ mem_limit, cpus, pids_limit }) =>
    mem_limit !== undefined && cpus !== undefined && pids_limit !== undefined,
  'names the version of its image': ({ image }) => /:(?!latest$)[\w.-]+$/.test(image),
  'is published on the loopback of the host alone': ({ ports }) =>
    (ports ?? []).every((port) => port.startsWith('127.0.0.1:')),
  'uses no network of the host': ({ network_mode }) => network_mode !== 'host',
};

/** The rules that a service breaks. */
export const composeBreaches = (service: ComposeService): readonly string[] =>
  Object.entries(rules).flatMap(([rule, holds]) => (holds(service) ? [] : [rule]));

/** What compose puts in for `${NAME}`, `${NAME:-default}` and `${NAME:?why}`. */
export const interpolated = (text: string, given: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g, (...found: readonly string[]) => {
    const [, name = '', kind, rest] = found;
    const value = given[name] ?? '';
    if (value !== '') return value;
    if (kind === '-') return rest ?? '';
    throw new Error(`${name} is not set: ${rest ?? ''}`);
  });
