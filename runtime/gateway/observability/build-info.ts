import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { Gauge, type Registry } from 'prom-client';
import type { PreparedTable } from '../table/prepared-table.ts';

/** Which gateway serves which table. */
export function registerBuildInfo(registry: Registry, served: () => PreparedTable): void {
  const version = gatewayVersion();
  new Gauge({
    name: 'plexica_build_info',
    help: 'Always 1: the version of the gateway, and the digest of the route table that it serves.',
    labelNames: ['version', 'table'],
    registers: [registry],
    aggregator: 'max',
    collect() {
      this.reset();
      this.set({ version, table: served().table.digest }, 1);
    },
  });
}

/** As `package.json` of the gateway says. */
export function gatewayVersion(): string {
  const file = findPackageJSON(import.meta.url);
  const manifest: unknown = file === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
