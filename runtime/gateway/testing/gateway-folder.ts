import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RouteTablePlugin } from '@plexica/types';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Setup } from '../create-context.ts';
import { issueDevelopmentToken } from '../identity/development-provider.ts';
import { loadSigningKeys } from '../identity/keys.ts';
import { issuePluginToken } from '../identity/plugin-token.ts';
import { createTokenSigner, type TokenSigner } from '../identity/signed-token.ts';
import { tableOf } from '../instances/testing/route-table.ts';
import { loadRouteTable } from '../table/load-route-table.ts';
import { prepareTable } from '../table/prepare.ts';

/** What a gateway is started on, as files that a test can change. */
export interface GatewayFolder {
  readonly path: string;
  /** @param settings of plexica.yaml, beside those of a test: a free port, everything in this folder */
  writeYaml(settings?: GatewayYaml): Promise<void>;
  writeTable(plugins: readonly (Pick<RouteTablePlugin, 'id'> & Partial<RouteTablePlugin>)[]): Promise<void>;
  /** @param file below the folder */
  write(file: string, text: string): Promise<void>;
  /** As `plexica-gateway start` does. */
  read(): Promise<Setup>;
  /** Of a user of tenant acme. */
  userToken(...permissions: string[]): Promise<string>;
  pluginToken(pluginId: string): Promise<string>;
  remove(): Promise<void>;
}

export interface GatewayYaml {
  readonly gateway?: Readonly<Record<string, unknown>>;
  readonly [setting: string]: unknown;
}

export async function createGatewayFolder(): Promise<GatewayFolder> {
  const path = await mkdtemp(join(tmpdir(), 'plexica-gateway-'));
  const folder: GatewayFolder = {
    path,
    // JSON is YAML.
    writeYaml: ({ gateway, ...settings } = {}) =>
      folder.write(
        'plexica.yaml',
        JSON.stringify({ plugins: ['*.json'], out: '.', gateway: { port: 0, ...gateway }, ...settings }),
      ),
    writeTable: (plugins) => folder.write('routes.json', JSON.stringify(tableOf(plugins).table)),
    async write(file, text) {
      const target = join(path, file);
      await mkdir(join(target, '..'), { recursive: true });
      // Whole or not at all, as a deployment would.
      await writeFile(`${target}.new`, text);
      await rename(`${target}.new`, target);
    },
    async read() {
      const config = await loadConfig(join(path, 'plexica.yaml'), {});
      return { config, table: prepareTable(await loadRouteTable(join(config.out, 'routes.json'))) };
    },
    async userToken(...permissions) {
      const { config } = await folder.read();
      const user = { tenantId: 'acme', userId: 'ada', permissions };
      return (await issueDevelopmentToken(await signerOf(config), config.identity.claims, user, 60_000))
        .token;
    },
    async pluginToken(pluginId) {
      const { config } = await folder.read();
      return (await issuePluginToken(await signerOf(config), pluginId)).token;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
  return folder;
}

async function signerOf({ keysFile }: GatewayConfig): Promise<TokenSigner> {
  return createTokenSigner(await loadSigningKeys(keysFile), Date.now);
}
