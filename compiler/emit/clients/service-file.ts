import { camelCase, pascalCase } from '../../ir/identifiers.ts';
import type { Service, ServiceEndpoint } from '../../ir/program.ts';
import type { EmittedFile } from '../emitter.ts';
import { docComment } from '../typescript/comment.ts';
import { hardLine, indent, join, type Layout } from '../typescript/layout.ts';
import { printTypeDeclaration } from '../typescript/print-declaration.ts';
import { printFile } from '../typescript/print-file.ts';
import { printType } from '../typescript/print-type.ts';
import { printObjectLiteral, printValue } from '../typescript/print-value.ts';
import { propertyKey, stringLiteral } from '../typescript/text.ts';
import { answerType, inputType, isInputOptional } from './endpoint-types.ts';

/** A typed client of one service: its inputs, its interface, its endpoints as data, and what makes it. */
export function serviceFile(service: Service): EmittedFile {
  const { plugin, endpoints } = service;
  const text = [
    imports(service),
    ...endpoints.map(inputDeclaration),
    clientInterface(service),
    endpointData(service),
    factory(service),
  ];
  return printFile(servicePath(service), plugin, text);
}

/** Where a service's client is, below the output folder. */
export function servicePath({ name }: Service): string {
  return `clients/services/${name.value}.ts`;
}

/** What makes the client of a service: `crmContacts`. */
export function factoryName({ typeName }: Service): string {
  return camelCase(typeName);
}

function imports({ plugin, endpoints }: Service): Layout {
  const kinds = new Set(endpoints.map(({ route }) => route.answer.kind));
  const names = ['BoundGatewayClient', 'CallOptions', 'Endpoint'];
  if (kinds.has('list')) names.push('List');
  if (kinds.has('message')) names.push('Message');
  names.push('ServiceHealth');
  const rows = [`import type { ${names.join(', ')} } from '@plexica/sdk';`];
  if (usesSchemas(endpoints)) rows.push(`import type * as schemas from '../schemas/${plugin.id.value}.ts';`);
  return join(hardLine, rows);
}

function usesSchemas(endpoints: readonly ServiceEndpoint[]): boolean {
  return endpoints.some((endpoint) =>
    [inputType(endpoint), answerType(endpoint)].some((type) => JSON.stringify(type).includes('"schemas.')),
  );
}

function inputDeclaration(endpoint: ServiceEndpoint): Layout {
  const input = inputType(endpoint);
  if (input.kind === 'object' && input.properties.length === 0) return '';
  const { methodName, service } = endpoint;
  return printTypeDeclaration(inputName(endpoint), input, {
    text: `What \`${service.name.value}\` takes to \`${methodName.value}\`.`,
  });
}

function inputName({ service, methodName }: ServiceEndpoint): string {
  return `${service.typeName}${pascalCase(methodName.value)}Input`;
}

function clientInterface(service: Service): Layout {
  const { name, version, plugin, description, typeName, endpoints } = service;
  const about = `${name.value} ${version.value} of ${plugin.id.value}.`;
  const text = description === undefined ? about : `${description}\n\n${about}`;
  const members = [
    ...endpoints.map((endpoint): Layout => [methodComment(endpoint), methodSignature(endpoint), ';']),
    [
      docComment({ text: 'Whether the service can be called now.' }),
      'health(options?: CallOptions): Promise<ServiceHealth>;',
    ],
  ];
  return [
    docComment({ text }),
    `export interface ${typeName} {`,
    indent([hardLine, join(hardLine, members)]),
    hardLine,
    '}',
  ];
}

function methodComment({ route }: ServiceEndpoint): Layout {
  const request = `\`${route.method} ${route.path.value}\``;
  const text = [route.description ?? route.summary, request]
    .filter((part) => part !== undefined)
    .join('\n\n');
  return docComment({ text, deprecated: route.deprecated });
}

function methodSignature(endpoint: ServiceEndpoint): Layout {
  const input = inputType(endpoint);
  const none = input.kind === 'object' && input.properties.length === 0;
  const type = none ? 'Record<string, never>' : inputName(endpoint);
  const parameter = `input${isInputOptional(input) ? '?' : ''}: ${type}`;
  const answer = printType(answerType(endpoint));
  return [
    `${propertyKey(endpoint.methodName.value)}(${parameter}, options?: CallOptions): Promise<`,
    answer,
    '>',
  ];
}

function endpointData({ endpoints }: Service): Layout {
  const members = endpoints.map(({ methodName, service, route }) => {
    const data = {
      pluginId: service.plugin.id.value,
      service: service.name.value,
      method: route.method,
      path: route.path.value,
      answer: route.answer.kind,
      idempotent: route.idempotent,
      body: route.request.body === undefined ? undefined : true,
      headers: route.request.headers === undefined ? undefined : true,
      timeoutMs: route.timeoutMs,
    };
    return [propertyKey(methodName.value), printValue(data)] as const;
  });
  return ['const endpoints = ', printObjectLiteral(members), ' as const satisfies Record<string, Endpoint>;'];
}

function factory(service: Service): Layout {
  const { typeName, endpoints, plugin } = service;
  const methods = endpoints.map(({ methodName }): readonly [string, Layout] => {
    const key = propertyKey(methodName.value);
    const endpoint = key === methodName.value ? `endpoints.${key}` : `endpoints[${key}]`;
    return [key, `(input, options) => gateway.call(${endpoint}, input, options)`];
  });
  const health = [
    'health',
    `(options) => gateway.health(${stringLiteral(plugin.id.value)}, options)`,
  ] as const;
  return [
    docComment({ text: `The client of \`${service.name.value}\`, on behalf of one incoming request.` }),
    `export function ${factoryName(service)}(gateway: BoundGatewayClient): ${typeName} {`,
    indent([hardLine, 'return ', printObjectLiteral([...methods, health]), ';']),
    hardLine,
    '}',
  ];
}
