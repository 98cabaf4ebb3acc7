import { compile } from '../compile.ts';
import { formatPretty } from '../diagnostics/format-pretty.ts';
import { countSeverity } from '../diagnostics/summary.ts';
import { graphDot } from '../emit/graph/graph-dot.ts';
import { graphMermaid } from '../emit/graph/graph-mermaid.ts';
import { diskHost } from '../host/disk-host.ts';
import type { Command } from './command.ts';
import { compileOptions, configOption } from './options.ts';

export const graph: Command = {
  name: 'graph',
  summary: 'print which plugin depends on which',
  details: 'Where the manifests have errors it prints those, to standard error, and no graph.',
  options: [
    {
      name: 'format',
      value: 'FORMAT',
      choices: ['mermaid', 'dot'],
      description: 'the language of the graph',
    },
    configOption,
  ],

  async run(input, io) {
    const { diagnostics, plugins, program } = await compile(diskHost(io.workingFolder, io.environment), {
      ...compileOptions(input),
      emit: false,
    });
    if (program === undefined || countSeverity(diagnostics, 'error') > 0) {
      io.err(formatPretty(diagnostics, plugins, io.styles));
      return 1;
    }
    io.out(input.options.get('format') === 'dot' ? graphDot(program) : graphMermaid(program));
    return 0;
  },
};
