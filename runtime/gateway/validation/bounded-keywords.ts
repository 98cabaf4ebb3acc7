import { normalForm } from '@plexica/types';
import { _, Name } from 'ajv';
import type { Ajv2020 } from 'ajv/dist/2020.js';

/** What visits a value for each of its items or members. */
const LOOPS = ['additionalProperties', 'contains', 'items', 'patternProperties', 'propertyNames'];

/** Gives ajv a `uniqueItems` that looks at each item once; its own compares each with each other. */
export function replaceUniqueItems(ajv: Ajv2020): Ajv2020 {
  ajv.removeKeyword('uniqueItems').addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (unique: boolean, items: readonly unknown[]) => !unique || areUnique(items),
    errors: false,
  });
  return ajv;
}

function areUnique(items: readonly unknown[]): boolean {
  const scalars = new Set<unknown>();
  const others = new Set<string>();
  for (const item of items) {
    if (typeof item === 'object' && item !== null) others.add(normalForm(item));
    else scalars.add(item);
  }
  return scalars.size + others.size === items.length;
}

/**
 * Makes validators throw the list of their violations when it is longer than this. One that throws has not said that the
 * value is wrong: it may have been about to try another alternative.
 */
export function stopAtEnough(ajv: Ajv2020, enough: number): Ajv2020 {
  // As ajv names them in the code that it writes.
  const [count, list] = [new Name('errors'), new Name('vErrors')];
  for (const keyword of LOOPS) {
    const definition = ajv.getKeyword(keyword);
    if (typeof definition === 'boolean' || !('code' in definition)) {
      throw new Error(`ajv does not know the keyword "${keyword}" as it did`);
    }
    ajv.removeKeyword(keyword).addKeyword({
      ...definition,
      code(context, type) {
        const { gen } = context;
        const [subschema, error] = [context.subschema.bind(context), context.error.bind(context)];
        const stop = () => gen.if(_`${count} > ${enough}`, () => gen.throw(_`${list}`));
        context.subschema = (...args) => {
          const applied = subschema(...args);
          stop();
          return applied;
        };
        context.error = (...args) => {
          error(...args);
          stop();
        };
        definition.code(context, type);
      },
    });
  }
  return ajv;
}
