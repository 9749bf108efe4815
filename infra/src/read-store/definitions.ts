import type { Find, ViewDefinition } from '@sentinel/contracts/kernel';

const namePattern = /^[a-z][a-z_]{0,39}$/;

/** The declared views by name. Names become names of tables, so they are checked here, once. */
export type Definitions = {
  readonly all: readonly ViewDefinition[];
  /** @throws RangeError when the view is not declared */
  readonly of: (view: string) => ViewDefinition;
  /** @throws RangeError when the view or a field is not declared, or the page is out of bounds */
  readonly check: (view: string, find: Find) => ViewDefinition;
};

export const definitions = (views: readonly ViewDefinition[]): Definitions => {
  const byName = new Map(views.map((view) => [view.name, view]));
  for (const { name, fields } of views) {
    const bad = [name, ...fields].find((word) => !namePattern.test(word));
    if (bad !== undefined) throw new RangeError(`not a name of a view or field: ${bad}`);
  }
  const of = (view: string): ViewDefinition => {
    const definition = byName.get(view);
    if (definition === undefined) throw new RangeError(`no such view: ${view}`);
    return definition;
  };
  return {
    all: views,
    of,
    check: (view, { where = {}, between, limit }) => {
      const definition = of(view);
      const asked = [...Object.keys(where), ...(between === undefined ? [] : [between.field])];
      const unknown = asked.find((field) => !definition.fields.includes(field));
      if (unknown !== undefined) throw new RangeError(`${view} has no field ${unknown}`);
      if (!Number.isInteger(limit) || limit < 1 || limit > 501)
        throw new RangeError(`a page holds 1 to 501 rows, not ${limit}`);
      return definition;
    },
  };
};
