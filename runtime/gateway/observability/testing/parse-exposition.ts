/** Metrics in Prometheus' text format, as a scraper reads them. */
export interface Exposed {
  /** By name. */
  readonly metrics: ReadonlyMap<string, ExposedMetric>;
  /** The value of one series; undefined where there is none. Labels in any order. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
  /** All series of a name that have these labels among theirs. */
  series(name: string, labels?: Readonly<Record<string, string>>): readonly Sample[];
}

export interface ExposedMetric {
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const HEADER = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

/** Reads every line, and fails on what a scraper or `promtool check metrics` would not take. */
export function parseExposition(text: string): Exposed {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const metrics = new Map<string, ExposedMetric>();
  const seen = new Set<string>();
  let current: { name: string; metric: ExposedMetric } | undefined;
  let help: { name: string; text: string } | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const [, kind, name = '', rest = ''] = HEADER.exec(line) ?? [];
    if (kind === 'HELP') {
      help = { name, text: rest };
    } else if (kind === 'TYPE') {
      if (help?.name !== name || metrics.has(name) || !TYPES.includes(rest)) throw new Error(line);
      current = { name, metric: { type: rest, help: help.text, samples: [] } };
      metrics.set(name, current.metric);
    } else {
      const sample = readSample(line);
      const key = keyOf(sample.name, sample.labels);
      if (
        current === undefined ||
        seen.has(key) ||
        !belongs(sample.name, current.name, current.metric.type)
      ) {
        throw new Error(line);
      }
      seen.add(key);
      current.metric.samples.push(sample);
    }
  }
  for (const [name, metric] of metrics) check(name, metric);

  const all = [...metrics.values()].flatMap(({ samples }) => samples);
  return {
    metrics,
    value: (name, labels = {}) =>
      all.find((sample) => keyOf(sample.name, sample.labels) === keyOf(name, labels))?.value,
    series: (name, labels = {}) =>
      all.filter(
        (sample) =>
          sample.name === name &&
          Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      ),
  };
}

function readSample(line: string): Sample {
  const [, name, labelText = '', valueText = ''] = SAMPLE.exec(line) ?? [];
  if (name === undefined) throw new Error(`not a sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  let end = 0;
  for (let found = LABEL.exec(labelText); found !== null; found = LABEL.exec(labelText)) {
    const [, label = '', value = ''] = found;
    if (label in labels) throw new Error(`${label} twice: ${line}`);
    labels[label] = value;
    end = LABEL.lastIndex;
    if (end === labelText.length) break;
  }
  if (end !== labelText.length) throw new Error(`labels that cannot be read: ${line}`);
  const value = /^[+-]?Inf$/.test(valueText) ? Number(`${valueText}inity`) : Number(valueText);
  if (Number.isNaN(value) && !/^nan$/i.test(valueText)) throw new Error(`not a value: ${line}`);
  return { name, labels, value };
}

function belongs(sample: string, name: string, type: string): boolean {
  const endings = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] }[type] ?? [''];
  return endings.some((ending) => sample === `${name}${ending}`);
}

function check(name: string, { type, samples }: ExposedMetric): void {
  // Node's own names are not ours to choose.
  if (name.startsWith('plexica_') && (type === 'counter') !== name.endsWith('_total')) {
    throw new Error(`${name} is a ${type}`);
  }
  if (type === 'counter' && samples.some(({ value }) => value < 0)) throw new Error(`${name} is below 0`);
  if (type !== 'histogram') return;
  for (const { labels, value } of samples.filter((sample) => sample.name === `${name}_count`)) {
    const buckets = samples.filter(
      (sample) =>
        sample.name.endsWith('_bucket') &&
        keyOf('', { ...sample.labels, le: '' }) === keyOf('', { ...labels, le: '' }),
    );
    const values = buckets.map((bucket) => bucket.value);
    if (buckets.at(-1)?.labels.le !== '+Inf' || values.at(-1) !== value)
      throw new Error(`${name} has no end`);
    if (values.some((one, at) => one < (values[at - 1] ?? 0))) throw new Error(`${name} does not add up`);
  }
}

function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
