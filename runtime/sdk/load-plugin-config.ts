import { checkConfigField } from './check-config-field.ts';
import { type ConfigProblem, PluginConfigError, type PluginConfigSchema } from './plugin-config.ts';
import { isRecord } from './read-answer.ts';

/**
 * Checks the settings of a plugin against its manifest and fills in defaults. The result shares nothing with
 * the values or the schema. A member that is undefined counts as not given.
 *
 * @throws PluginConfigError with every wrong setting
 */
export function loadPluginConfig<Config>(schema: PluginConfigSchema<Config>, values: unknown): Config {
  if (!isRecord(values)) throw new PluginConfigError([{ key: '(all)', message: 'must be an object' }]);
  const problems: ConfigProblem[] = [];
  const config: [string, unknown][] = [];
  for (const [key, field] of Object.entries(schema.properties)) {
    const given = Object.hasOwn(values, key) ? values[key] : undefined;
    const value = given === undefined ? field.default : given;
    if (value !== undefined) {
      const wrong = given === undefined ? undefined : checkConfigField(field, given);
      if (wrong !== undefined) problems.push({ key, message: wrong });
      else config.push([key, structuredClone(value)]);
    } else if (schema.required.includes(key)) {
      problems.push({ key, message: 'is required' });
    }
  }
  for (const key of Object.keys(values)) {
    if (!Object.hasOwn(schema.properties, key))
      problems.push({ key, message: 'is not a setting of this plugin' });
  }
  if (problems.length > 0) throw new PluginConfigError(problems);
  // `Config` is generated from the manifest that the schema is generated from.
  return Object.fromEntries(config) as Config;
}
