import { z } from 'zod';

/** The part of JSON Schema that our wire forms use. */
export type JsonSchema = {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
};

/** The wire side of a schema as JSON Schema. */
export const wireForm = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }) as JsonSchema;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** What a value is, in a few words: `string`, `"buy" or "sell"`, `list of object`. */
export const typeWords = (schema: JsonSchema): string => {
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return [...new Set(options.map(typeWords))].join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' or ');
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'values' : typeWords(schema.items)}`;
  const type = schema.type ?? 'any';
  return typeof type === 'string' ? type : type.join(' or ');
};

/** One table row for each field of an object. */
export const fieldRows = (schema: JsonSchema): readonly string[] =>
  Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const required = schema.required?.includes(name) === true && field.default === undefined;
    const fallback =
      field.default === undefined ? '' : ` Default ${JSON.stringify(field.default)}.`;
    return `| ${name}${required ? '' : '?'} | ${cell(typeWords(field))} | ${cell(`${field.description ?? ''}${fallback}`.trim())} |`;
  });
