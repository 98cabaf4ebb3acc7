import { camelCase } from '../../ir/identifiers.ts';
import type { Service } from '../../ir/program.ts';

/** What the client of a service is called, in its file and in the files that import it. */
export interface ServiceNames {
  /** The client's type: `CrmContacts`. */
  readonly client: string;
  /** The function that makes one: `crmContacts`. */
  readonly factory: string;
  /** The type of all inputs, by method: `CrmContactsInputs`. */
  readonly inputs: string;
  /** The endpoints, by method: `crmContactsEndpoints`. */
  readonly endpoints: string;
  /** What they were made from: `crmContactsContract`. */
  readonly contract: string;
}

export function serviceNames({ name, typeName }: Service): ServiceNames {
  const factory = camelCase(name.value);
  return {
    client: typeName,
    factory,
    inputs: `${typeName}Inputs`,
    endpoints: `${factory}Endpoints`,
    contract: `${factory}Contract`,
  };
}

/** Below the output folder. */
export function serviceClientPath({ name }: Service): string {
  return `clients/services/${name.value}.ts`;
}
