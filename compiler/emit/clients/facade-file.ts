import type { Plugin, Service } from '../../ir/program.ts';
import type { EmittedFile } from '../emitter.ts';
import { docComment } from '../typescript/comment.ts';
import { hardLine, indent, join, type Layout } from '../typescript/layout.ts';
import { printFile } from '../typescript/print-file.ts';
import { printObjectLiteral } from '../typescript/print-value.ts';
import { propertyKey, stringLiteral } from '../typescript/text.ts';
import { factoryName } from './service-file.ts';

/** A service that a plugin may call, and the methods of its client that it may use. */
interface Grant {
  readonly service: Service;
  readonly methods: readonly string[];
}

/** Grants by the steps of the services' property paths: `{ crm: { contacts: … } }`. */
type GrantTree = Map<string, GrantTree | Grant>;

/** What one plugin may call, and nothing else: the endpoints on the edges that its manifest declares. */
export function facadeFile(plugin: Plugin): EmittedFile {
  const grants = grantsOf(plugin);
  const tree = treeOf(grants);
  const typeName = `${plugin.typeName}Dependencies`;
  return printFile(`clients/${plugin.id.value}.ts`, plugin, [
    join(hardLine, [
      "import type { BoundGatewayClient } from '@plexica/sdk';",
      ...grants.map(
        ({ service }) =>
          `import { type ${service.typeName}, ${factoryName(service)} } from './services/${service.name.value}.ts';`,
      ),
    ]),
    [
      docComment({ text: `What ${plugin.id.value} may call: the edges that its manifest declares.` }),
      `export interface ${typeName} `,
      printTypes(tree),
    ],
    [
      docComment({ text: 'The clients of those services, on behalf of one incoming request.' }),
      `export function ${plugin.identifier}Dependencies(gateway: BoundGatewayClient): ${typeName} {`,
      indent([
        hardLine,
        join(
          hardLine,
          grants.map(
            ({ service }) => `const ${factoryName(service)}Client = ${factoryName(service)}(gateway);`,
          ),
        ),
        hardLine,
        'return ',
        printClients(tree),
        ';',
      ]),
      hardLine,
      '}',
    ],
  ]);
}

/** Several edges to one service become one grant. */
function grantsOf({ edges }: Plugin): Grant[] {
  const methods = new Map<Service, Set<string>>();
  for (const { service, endpoints } of edges.flatMap((edge) => edge.services)) {
    const granted = methods.get(service) ?? new Set();
    for (const { methodName } of endpoints) granted.add(methodName.value);
    methods.set(service, granted);
  }
  return [...methods]
    .sort(([a], [b]) => (a.name.value < b.name.value ? -1 : 1))
    .map(([service, granted]) => ({
      service,
      methods: service.endpoints
        .map(({ methodName }) => methodName.value)
        .filter((name) => granted.has(name)),
    }));
}

function treeOf(grants: readonly Grant[]): GrantTree {
  const root: GrantTree = new Map();
  for (const grant of grants) {
    let branch = root;
    const steps = grant.service.propertyPath;
    for (const step of steps.slice(0, -1)) {
      const next = branch.get(step);
      const inner = next instanceof Map ? next : new Map();
      branch.set(step, inner);
      branch = inner;
    }
    branch.set(steps.at(-1) ?? '', grant);
  }
  return root;
}

function printTypes(tree: GrantTree): Layout {
  const members = [...tree].map(([step, inner]): Layout => {
    const type = inner instanceof Map ? printTypes(inner) : pickedType(inner);
    return [`readonly ${propertyKey(step)}: `, type, ';'];
  });
  return ['{', indent([hardLine, join(hardLine, members)]), hardLine, '}'];
}

function pickedType({ service, methods }: Grant): string {
  return `Pick<${service.typeName}, ${[...methods, 'health'].map(stringLiteral).join(' | ')}>`;
}

function printClients(tree: GrantTree): Layout {
  return printObjectLiteral(
    [...tree].map(([step, inner]) => [
      propertyKey(step),
      inner instanceof Map ? printClients(inner) : pickedClient(inner),
    ]),
  );
}

function pickedClient({ service, methods }: Grant): Layout {
  const client = `${factoryName(service)}Client`;
  return printObjectLiteral(
    [...methods, 'health'].map((method) => {
      const key = propertyKey(method);
      return [key, key === method ? `${client}.${key}` : `${client}[${key}]`];
    }),
  );
}
