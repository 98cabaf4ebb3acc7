import type { Program } from '../../ir/program.ts';
import { eventChannels } from './channels.ts';
import { eventComponents } from './components.ts';
import { eventOperations } from './operations.ts';

/** The AsyncAPI 3.0 document of all plugins. Its version is that of the envelope; plugins keep versions of their own. */
export function asyncApiDocument(program: Program): object {
  const { plugins, events } = program;
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Plexica events',
      version: '1.0.0',
      description: DESCRIPTION,
      'x-plexica-plugins': Object.fromEntries(plugins.map(({ id, version }) => [id.value, version.value])),
    },
    defaultContentType: 'application/json',
    channels: eventChannels(events),
    operations: eventOperations(program),
    components: eventComponents(events),
  };
}

const DESCRIPTION = `What the plugins of this workspace, and the platform, tell each other. Every event is a CloudEvent (1.0) about one tenant, delivered at least once, in the order in which its publisher published the events of that tenant.

Over the gateway it travels as structured JSON (\`application/cloudevents+json\`): the headers of this document are members beside \`data\`, which is the payload. Over Kafka it travels in binary mode: the payload is the value, and the headers begin with \`ce_\`.`;
