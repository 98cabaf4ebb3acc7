/** The value of one setting, as JSON Schema says it. */
export interface ConfigFieldSchema {
  /** Absent for `json` and `select`. */
  readonly type?: 'string' | 'number' | 'boolean' | 'array';
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum: readonly string[] };
  readonly uniqueItems?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** ECMAScript, flag `u`, anywhere in the text. */
  readonly pattern?: string;
  /** The manifest's own words for a value that breaks the rules above. */
  readonly 'x-message'?: string;
}

declare const configOf: unique symbol;

/** A plugin's settings as a JSON Schema; `Config` is the type of what it accepts, with defaults filled in. */
export interface PluginConfigSchema<Config> {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, ConfigFieldSchema>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
  /** For the compiler alone. */
  readonly [configOf]?: Config;
}

/** One setting that is wrong. */
export interface ConfigProblem {
  readonly key: string;
  /** `must be at least 1, and is 0`. */
  readonly message: string;
}

/** Every wrong setting of a plugin, at once. */
export class PluginConfigError extends Error {
  override readonly name = 'PluginConfigError';
  readonly code = 'invalid-config';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ key, message }) => `  ${key}: ${message}`);
    super(`the plugin's configuration is wrong:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}
