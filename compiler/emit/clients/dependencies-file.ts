import type { Plugin, Program } from '../../ir/program.ts';
import type { EmittedFile } from '../emitter.ts';
import { docComment } from '../typescript/comment.ts';
import { compareImports, importNames, importTypes } from '../typescript/imports.ts';
import {
  choice,
  group,
  hang,
  hardLine,
  indent,
  join,
  type Layout,
  line,
  softLine,
} from '../typescript/layout.ts';
import { printMembers } from '../typescript/print-type.ts';
import { sourceFile } from '../typescript/source-file.ts';
import { propertyKey, stringLiteral } from '../typescript/text.ts';
import {
  object,
  type PropertyType,
  plain,
  reference,
  type TypeNode,
  union,
} from '../typescript/type-node.ts';
import { serviceClientPath, serviceNames } from './service-names.ts';
import type { UsedService } from './used-services.ts';

/** What one plugin may call, by the property path of each service: `dependencies.crm.contacts.list()`. */
export function dependenciesFile(
  plugin: Plugin,
  services: readonly UsedService[],
  program: Program,
): EmittedFile {
  const tree = treeOf(services);
  const typeName = `${plugin.typeName}Dependencies`;
  return sourceFile(`clients/${plugin.id.value}.ts`, plugin, program, {
    imports: importsOf(services),
    parts: [
      [
        docComment({
          text: `What ${plugin.id.value} may call: the endpoints on the edges that its manifest declares.`,
        }),
        `export interface ${typeName} `,
        printMembers(typesOf(tree)),
      ],
      [
        docComment({ text: 'Makes the clients on behalf of one incoming request.' }),
        `export function ${plugin.identifier}Dependencies`,
        group(['(', indent([softLine, 'gateway: BoundGatewayClient']), choice(','), softLine, ')']),
        `: ${typeName} {`,
        indent([hardLine, 'return ', printTree(tree), ';']),
        hardLine,
        '}',
      ],
    ],
  });
}

/** Services by the segments of their property paths. */
interface Tree {
  readonly branches: Map<string, Tree>;
  service: UsedService | undefined;
}

function treeOf(services: readonly UsedService[]): Tree {
  const root: Tree = { branches: new Map(), service: undefined };
  for (const used of services) {
    let tree = root;
    for (const segment of used.service.propertyPath) {
      const branch = tree.branches.get(segment) ?? { branches: new Map(), service: undefined };
      tree.branches.set(segment, branch);
      tree = branch;
    }
    tree.service = used;
  }
  return root;
}

function typesOf({ branches }: Tree): PropertyType[] {
  return [...branches].map(([name, branch]) => ({ name, optional: false, type: typeOf(branch) }));
}

function typeOf(tree: Tree): TypeNode {
  if (tree.service === undefined) return object(typesOf(tree));
  const { service, methods, whole } = tree.service;
  const client = reference(serviceNames(service).client);
  return whole
    ? client
    : reference('Pick', client, union(methodsOf(methods).map((name) => plain(stringLiteral(name)))));
}

function printTree({ branches, service }: Tree): Layout {
  if (service !== undefined) return printClient(service);
  const members = [...branches].map(([name, branch]) => [
    propertyKey(name),
    ':',
    hang(printTree(branch)),
    ',',
  ]);
  return ['{', indent([hardLine, join(hardLine, members)]), hardLine, '}'];
}

/** The client, or of its methods those that may be called: at run time too there are no others. */
function printClient({ service, methods, whole }: UsedService): Layout {
  const client = `${serviceNames(service).factory}(gateway)`;
  if (whole) return client;
  const args = [client, ...methodsOf(methods).map(stringLiteral)];
  return group(['pickMethods(', indent([softLine, join([',', line], args)]), choice(','), softLine, ')']);
}

/** Every client can be asked for the health of its plugin. */
function methodsOf(methods: readonly string[]): string[] {
  return [...methods, 'health'];
}

function importsOf(services: readonly UsedService[]): Layout[] {
  const picks = services.some(({ whole }) => !whole);
  const sdk = [
    { name: 'BoundGatewayClient', typeOnly: true },
    ...(picks ? [{ name: 'pickMethods', typeOnly: false }] : []),
  ];
  const clients = services
    .map(({ service }) => ({
      path: `./${serviceClientPath(service).slice('clients/'.length)}`,
      names: serviceNames(service),
    }))
    .sort((a, b) => compareImports(a.path, b.path));
  return [
    picks ? importNames(sdk, '@plexica/sdk') : importTypes(['BoundGatewayClient'], '@plexica/sdk'),
    ...clients.map(({ path, names }) =>
      importNames(
        [
          { name: names.client, typeOnly: true },
          { name: names.factory, typeOnly: false },
        ],
        path,
      ),
    ),
  ];
}
