import { relative } from 'node:path';
import { compile } from '../compile.ts';
import { sortDiagnostics } from '../diagnostics/diagnostic.ts';
import { count, countSeverity } from '../diagnostics/summary.ts';
import { diskHost } from '../host/disk-host.ts';
import { compareOutput } from '../write/compare-output.ts';
import { type WriteResult, writeOutput } from '../write/write-output.ts';
import type { Command, Io } from './command.ts';
import { compileOptions, configOption, formatOption } from './options.ts';
import { report } from './report.ts';

export const build: Command = {
  name: 'build',
  summary: 'compile the manifests and write the output folder',
  details:
    'Writes all of the output or, where there is an error, none of it. With --check it writes nothing and\n' +
    'fails where the output folder differs from what the manifests say: run it in CI.',
  options: [
    { name: 'check', description: 'write nothing; fail where the output is stale' },
    configOption,
    formatOption,
  ],

  async run(input, io) {
    const host = diskHost(io.workingFolder, io.environment);
    const { diagnostics, plugins, outFolder, files } = await compile(host, compileOptions(input));
    if (outFolder === undefined || countSeverity(diagnostics, 'error') > 0)
      return report(diagnostics, plugins, input, io);

    const pretty = input.options.get('format') !== 'json';
    if (input.options.has('check')) {
      const compared = await compareOutput(host, outFolder, files);
      const code = report(sortDiagnostics([...diagnostics, ...compared.diagnostics]), plugins, input, io);
      if (pretty && code === 0)
        io.out(`${shown(outFolder, io)} is current: ${count(files.length, 'file')}\n`);
      return code;
    }
    const output = await writeOutput(host, outFolder, files);
    const code = report(sortDiagnostics([...diagnostics, ...output.diagnostics]), plugins, input, io);
    if (pretty && code === 0) io.out(`${shown(outFolder, io)}: ${describe(output.value)}\n`);
    return code;
  },
};

function describe({ written, unchanged, removed }: WriteResult): string {
  const parts = [`${count(written, 'file')} written`, `${unchanged} unchanged`];
  return [...parts, ...(removed > 0 ? [`${removed} removed`] : [])].join(', ');
}

function shown(folder: string, { workingFolder }: Io): string {
  return relative(workingFolder, folder).replaceAll('\\', '/') || '.';
}
