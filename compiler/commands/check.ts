import { compile } from '../compile.ts';
import { diskHost } from '../host/disk-host.ts';
import type { Command } from './command.ts';
import { compileOptions, configOption, formatOption } from './options.ts';
import { report } from './report.ts';

export const check: Command = {
  name: 'check',
  summary: 'find every mistake in the manifests; write nothing',
  options: [configOption, formatOption],

  async run(input, io) {
    const { diagnostics, plugins } = await compile(diskHost(io.workingFolder, io.environment), {
      ...compileOptions(input),
      emit: false,
    });
    return report(diagnostics, plugins, input, io);
  },
};
