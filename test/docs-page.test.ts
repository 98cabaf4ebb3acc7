import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, diskHost } from '@plexica/compiler';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../runtime/gateway/config/load-config.ts';
import { issueDevelopmentToken } from '../runtime/gateway/identity/development-provider.ts';
import { loadSigningKeys } from '../runtime/gateway/identity/keys.ts';
import { createTokenSigner } from '../runtime/gateway/identity/signed-token.ts';
import { createJournal } from '../runtime/gateway/instances/testing/journal.ts';
import { startUpstream, type Upstream } from '../runtime/gateway/instances/testing/upstream.ts';
import { createGateway, type Gateway } from '../runtime/gateway/server.ts';
import { loadRouteTable } from '../runtime/gateway/table/load-route-table.ts';
import { prepareTable } from '../runtime/gateway/table/prepare.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const skipped = !existsSync(CHROMIUM) && !process.env.CI;
if (skipped)
  console.warn(`docs-page.test.ts is skipped: there is no Chromium at ${CHROMIUM}; set CHROMIUM_PATH`);

describe.skipIf(skipped)('the documentation page, in a real browser', () => {
  let folder: string;
  let crm: Upstream;
  let gateway: Gateway;
  let url: string;
  let token: string;
  let browser: Browser;
  let page: Page;
  /** What must not be: messages of errors, and requests to elsewhere. */
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plexica-docs-'));
    crm = await startUpstream();
    await compileWorkspace(folder, crm.url);
    const config = await loadConfig(join(folder, 'plexica.yaml'), {});
    const table = prepareTable(await loadRouteTable(join(config.out, 'routes.json')));
    gateway = await createGateway({ config, table, log: createJournal().log });
    url = (await gateway.listen()).href;
    const signer = createTokenSigner(await loadSigningKeys(config.keysFile), Date.now);
    const user = { tenantId: 'acme', userId: 'ada', permissions: ['contacts:read'] };
    token = (await issueDevelopmentToken(signer, config.identity.claims, user, 600_000)).token;

    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== 'data:' && origin !== new URL(url).origin) complaints.push(`asked ${request.url()}`);
    });
    await page.goto(`${url}/docs`);
  });

  afterAll(async () => {
    await browser?.close();
    await gateway?.close(0);
    await crm?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /** No error in the browser, and no question to anybody but the gateway. */
  afterEach(() => expect(complaints).toEqual([]));

  it('shows the operations of all plugins', async () => {
    expect(await page.title()).toBe('Plexica API');
    await mustShow('gateway');
  });

  it('shows one plugin after another, as they are chosen', async () => {
    const choice = page.locator('.download-url-wrapper select');
    const options = await choice.locator('option').allTextContents();
    expect(options).toEqual([
      'All plugins',
      'Analytics (plugin-analytics)',
      'CRM (plugin-crm)',
      'Sample Analytics Plugin (sample-analytics)',
    ]);
    for (const option of options.slice(1)) {
      await choice.selectOption({ label: option });
      await mustShow(/\((.*)\)$/.exec(option)?.[1] ?? option);
    }
  });

  it('makes calls through the gateway', async () => {
    await page.locator('.download-url-wrapper select').selectOption({ label: 'CRM (plugin-crm)' });
    await mustShow('plugin-crm');
    await vi.waitUntil(() => gateway.context.instances.choose('plugin-crm') !== undefined);
    const tenants: unknown[] = [];
    crm.answer = (request, response) => {
      tenants.push(request.headers['x-tenant-id']);
      response.setHeader('content-type', 'application/json');
      response.end('{"success":true,"data":[{"name":"Grace Hopper"}],"total":1}');
    };

    await page.locator('button.authorize').first().click();
    await page.locator('.auth-container input').fill(token);
    await page.locator('.auth-container button.authorize').click();
    await page.locator('.auth-container button.btn-done').click();
    const operation = page.locator('.opblock-get', {
      has: page.locator('[data-path="/plugin-crm/contacts"]'),
    });
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('button.try-out__btn').click();
    await operation.locator('button.execute').click();
    const answer = operation.locator('.live-responses-table');
    await answer.waitFor();

    expect(await answer.locator('.response .response-col_status').textContent()).toContain('200');
    expect(await answer.textContent()).toContain('Grace Hopper');
    expect(tenants).toContain('acme');
  });

  /** That the page shows exactly the operations of a compiled document. */
  async function mustShow(document: string): Promise<void> {
    const compiled = await operationsOf(join(folder, 'generated/openapi', `${document}.json`));
    expect(compiled.length).toBeGreaterThan(0);
    await vi.waitFor(async () => expect(await shownOperations(page)).toEqual(compiled), { timeout: 10_000 });
  }
});

/** Compiles the manifests of this repository into a workspace of their own. */
async function compileWorkspace(folder: string, crm: URL): Promise<void> {
  for (const plugin of await readdir(join(ROOT, 'plugins'))) {
    await cp(join(ROOT, 'plugins', plugin, 'plugin.json'), join(folder, 'plugins', plugin, 'plugin.json'));
  }
  const settings = {
    plugins: ['plugins/*/plugin.json'],
    gateway: { port: 0 },
    upstreams: { 'plugin-crm': { urls: [crm.origin] } },
    // As long as a busy machine with a browser on it may need.
    health: { timeout: '10s', slow: '9s', fall: 10 },
  };
  await writeFile(join(folder, 'plexica.yaml'), JSON.stringify(settings));
  const { files } = await compile(diskHost(folder, {}));
  for (const { path, text } of files) {
    const file = join(folder, 'generated', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

async function operationsOf(file: string): Promise<string[]> {
  // An OpenAPI document has paths, and those have methods.
  const { paths } = JSON.parse(await readFile(file, 'utf8')) as { paths: Record<string, object> };
  return Object.entries(paths)
    .flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`))
    .sort();
}

async function shownOperations(page: Page): Promise<string[]> {
  const operations = await page.locator('.opblock-summary').evaluateAll((summaries) =>
    summaries.map((summary) => {
      const method = summary.querySelector('.opblock-summary-method')?.textContent;
      const path = summary.querySelector('[data-path]')?.getAttribute('data-path');
      return `${method} ${path}`;
    }),
  );
  return operations.sort();
}
