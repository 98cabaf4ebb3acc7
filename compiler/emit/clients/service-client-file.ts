import { calledEndpoints } from '../../ir/called-endpoints.ts';
import type { Answer, Plugin, Program, Service, ServiceEndpoint } from '../../ir/program.ts';
import type { EmittedFile } from '../emitter.ts';
import { docComment } from '../typescript/comment.ts';
import { exportTypes, importTypes } from '../typescript/imports.ts';
import { choice, group, hardLine, indent, join, type Layout, line, softLine } from '../typescript/layout.ts';
import { nameOf, printConstant } from '../typescript/literal.ts';
import { printMembers, printType } from '../typescript/print-type.ts';
import { referencedNames, schemaTypesPath, typeContext } from '../typescript/schema-types.ts';
import { sourceFile } from '../typescript/source-file.ts';
import { stringLiteral } from '../typescript/text.ts';
import { namesIn, reference, type TypeNode, unknown } from '../typescript/type-node.ts';
import { typeOfSchema } from '../typescript/type-of-schema.ts';
import { type MethodInput, methodInput } from './input-type.ts';
import { type ServiceNames, serviceClientPath, serviceNames } from './service-names.ts';

interface Method {
  readonly name: string;
  readonly endpoint: ServiceEndpoint;
  readonly input: MethodInput;
  readonly answer: TypeNode;
}

/** The typed client of one service: its inputs, its interface, its endpoints as data, and the function that makes it. */
export function serviceClientFile(service: Service, program: Program): EmittedFile {
  const { plugin } = service;
  const names = serviceNames(service);
  const methods = calledEndpoints(service).map((endpoint): Method => {
    const { methodName, route } = endpoint;
    const answer = answerType(route.answer, plugin);
    return { name: methodName.value, endpoint, input: methodInput(route), answer };
  });
  const schemas = `../../${schemaTypesPath(plugin)}`;
  const reexported = schemasOf(methods, plugin).filter(
    (name) => name !== names.client && name !== names.inputs,
  );
  return sourceFile(serviceClientPath(service), plugin, program, {
    imports: importsOf(methods, schemas),
    parts: [
      ...(reexported.length > 0 ? [exportTypes(reexported, schemas)] : []),
      // A service of WebSocket endpoints alone has no method that would use these.
      ...(methods.length > 0 ? [inputsPart(names, methods)] : []),
      interfacePart(service, names, methods),
      ...(methods.length > 0 ? [contractPart(service, names)] : []),
      endpointsPart(service, names, methods),
      factoryPart(service, names, methods),
    ],
  });
}

function importsOf(methods: readonly Method[], schemas: string): Layout[] {
  const used = [...namesIn(methods.flatMap(({ input, answer }) => [input.type, answer]))];
  const fromSdk = used.filter((name) => !name.includes('.'));
  const usesSchemas = used.some((name) => name.startsWith('schemas.'));
  return [
    importTypes(
      ['BoundGatewayClient', 'CallOptions', 'Endpoints', 'ServiceHealth', ...fromSdk],
      '@plexica/sdk',
    ),
    ...(usesSchemas ? [`import type * as schemas from '${schemas}';`] : []),
  ];
}

function schemasOf(methods: readonly Method[], plugin: Plugin): string[] {
  const schemas = methods.flatMap(({ endpoint }) => {
    const { request, answer } = endpoint.route;
    return [
      request.params,
      request.querystring,
      request.headers,
      request.body,
      'schema' in answer ? answer.schema : undefined,
    ];
  });
  return referencedNames(
    schemas.filter((schema) => schema !== undefined),
    plugin,
  );
}

function answerType(answer: Answer, plugin: Plugin): TypeNode {
  const context = typeContext(plugin, { scope: 'schemas' });
  switch (answer.kind) {
    case 'data':
    case 'whole':
      return typeOfSchema(answer.schema, context);
    case 'list':
      return reference('List', typeOfSchema(answer.schema, context));
    case 'message':
      return reference('Message');
    case 'unknown':
      return unknown;
  }
}

function inputsPart({ client, inputs }: ServiceNames, methods: readonly Method[]): Layout {
  const members = methods.map(({ name, input }) => ({ name, optional: false, type: input.type }));
  return [
    docComment({ text: `What the methods of \`${client}\` take.` }),
    `export interface ${inputs} `,
    printMembers(members),
  ];
}

function interfacePart(
  { name, version, description, plugin }: Service,
  names: ServiceNames,
  methods: readonly Method[],
): Layout {
  const text = [`Service ${name.value} ${version.value} of ${plugin.id.value}.`, description].filter(
    (part) => part !== undefined,
  );
  const signatures = methods.map((method) => [documentation(method), signature(method, names)]);
  const health = [
    docComment({ text: `Whether ${plugin.id.value} can be called now. Rejects only when it is aborted.` }),
    'health(options?: CallOptions): Promise<ServiceHealth>;',
  ];
  return [
    docComment({ text: text.join('\n\n') }),
    `export interface ${names.client} {`,
    indent([hardLine, join(hardLine, [...signatures, health])]),
    hardLine,
    '}',
  ];
}

function documentation({ endpoint: { route } }: Method): Layout {
  const { description, summary, method, path, deprecated } = route;
  const text = [description ?? summary, `\`${method} ${path.value}\``].filter((part) => part !== undefined);
  return docComment({ text: text.join('\n\n'), deprecated });
}

function signature({ name, input, answer }: Method, { inputs }: ServiceNames): Layout {
  const parameters = [`input${input.optional ? '?' : ''}: ${inputs}['${name}']`, 'options?: CallOptions'];
  const returned = printType(reference('Promise', answer));
  // One group: where the answer's type does not fit on the line, the parameters break first.
  return group([
    name,
    '(',
    indent([softLine, join([',', line], parameters)]),
    choice(','),
    softLine,
    '): ',
    returned,
    ';',
  ]);
}

function contractPart({ version, contract }: Service, names: ServiceNames): Layout {
  return [
    docComment({
      text: 'The contract that this client was made from; the gateway compares it with its own.',
    }),
    printConstant(`const ${names.contract} = `, { version: version.value, digest: contract }, ';'),
  ];
}

function endpointsPart(
  { plugin, name: service }: Service,
  { client, endpoints, contract }: ServiceNames,
  methods: readonly Method[],
): Layout {
  const described = methods.map(({ name, endpoint, input }) => {
    const { method, path, answer, idempotent, timeoutMs, contract: digest } = endpoint.route;
    const descriptor = {
      pluginId: plugin.id.value,
      service: service.value,
      method,
      path: path.value,
      answer: answer.kind,
      idempotent,
      body: input.body || undefined,
      headers: input.headers || undefined,
      timeoutMs,
      serviceContract: nameOf(contract),
      contract: digest,
    };
    return [name, descriptor] as const;
  });
  return [
    docComment({ text: `The endpoints behind \`${client}\`.` }),
    printConstant(`export const ${endpoints} = `, Object.fromEntries(described), ' satisfies Endpoints;'),
  ];
}

function factoryPart(
  { plugin }: Service,
  { client, factory, endpoints }: ServiceNames,
  methods: readonly Method[],
): Layout {
  const calls = methods.map(({ name }) => [
    `${name}: (input, options) =>`,
    group(indent([line, call(`gateway.call`, [`${endpoints}.${name}`, 'input', 'options'])])),
    ',',
  ]);
  const health = `health: (options) => gateway.health(${stringLiteral(plugin.id.value)}, options),`;
  return [
    docComment({ text: 'Makes the client on behalf of one incoming request.' }),
    `export function ${factory}`,
    group(['(', indent([softLine, 'gateway: BoundGatewayClient']), choice(','), softLine, ')']),
    `: ${client} {`,
    indent([hardLine, 'return {', indent([hardLine, join(hardLine, [...calls, health])]), hardLine, '};']),
    hardLine,
    '}',
  ];
}

function call(callee: string, args: readonly string[]): Layout {
  return group([callee, '(', indent([softLine, join([',', line], args)]), choice(','), softLine, ')']);
}
