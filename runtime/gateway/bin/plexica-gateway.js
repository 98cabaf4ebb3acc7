#!/usr/bin/env node
import { existsSync } from 'node:fs';
import * as module from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`plexica-gateway needs Node.js 22.19 or newer; this is ${process.version}`);
  process.exitCode = 2;
} else {
  module.enableCompileCache();
  const source = new URL('../cli.ts', import.meta.url);
  const checkout = existsSync(source);
  if (checkout) runFromSources();
  const { main } = await import(checkout ? source.href : new URL('../dist/cli.js', import.meta.url).href);
  await main();
}

/** In a checkout the workspace packages have no builds: the condition of .npmrc leads to their sources. */
function runFromSources() {
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, '@plexica/source'] }),
  });
}
