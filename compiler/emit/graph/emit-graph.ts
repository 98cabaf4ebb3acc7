import type { Emitter } from '../emitter.ts';
import { graphMermaid } from './graph-mermaid.ts';

/** `graph.mmd`: who depends on whom, as a Mermaid flowchart. */
export const emitGraph: Emitter = (program) => [{ path: 'graph.mmd', text: graphMermaid(program) }];
