import { digestOf, type RouteTable, type RouteTablePlugin } from '@plexica/types';
import { prepareTable } from '../../table/prepare.ts';
import type { PreparedTable } from '../../table/prepared-table.ts';

/** A prepared table of plugins of which only what matters is said. */
export function tableOf(
  plugins: readonly (Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>)[],
  rest: Pick<RouteTable, 'events'> = {},
): PreparedTable {
  const body: Omit<RouteTable, 'digest'> = {
    format: 1,
    ...rest,
    plugins: plugins.map((plugin) => ({
      name: plugin.id,
      version: '1.0.0',
      healthPath: '/health',
      permissions: [],
      routes: [],
      services: [],
      edges: [],
      requires: [],
      ...plugin,
    })),
  };
  return prepareTable({ ...body, digest: digestOf(body) });
}
