import type { Caller, TenantIdentity } from '../rules/caller.ts';
import type { Client } from '../rules/client-address.ts';
import type { RequestHead } from '../rules/request-head.ts';
import type { PreparedRoute } from '../table/prepared-table.ts';

/** What is known of a request so far. It grows on the way, so that something can be told of a refused one too. */
export interface RequestNotes {
  readonly method: string;
  readonly requestId: string;
  route: PreparedRoute | undefined;
  caller: Caller | undefined;
  tenant: TenantIdentity | undefined;
  client: Client | undefined;
}

/** What is known of a request when its head has come. */
export function notesOf({ method, requestId }: RequestHead): RequestNotes {
  return { method, requestId, route: undefined, caller: undefined, tenant: undefined, client: undefined };
}

/** A plugin's id, `user` or `anonymous`: also for somebody who proved nothing. */
export function callerLabel(caller: Caller | undefined): string {
  return caller?.kind === 'plugin' ? caller.pluginId : (caller?.kind ?? 'anonymous');
}
