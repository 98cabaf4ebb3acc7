/** The attributes of the envelope that all events have, CloudEvents' own first. */
export const CLOUD_EVENT_ATTRIBUTES = {
  type: 'object',
  description: 'The attributes of CloudEvents 1.0, with extensions of Plexica and of distributed tracing.',
  required: ['specversion', 'id', 'source', 'type', 'time', 'tenantid', 'correlationid'],
  properties: {
    specversion: { type: 'string', const: '1.0' },
    id: { type: 'string', description: 'Unique with the source; the same on every delivery.' },
    source: { type: 'string', description: 'Who published it: `/plugins/<plugin id>` or `/platform`.' },
    type: { type: 'string', description: 'The name of the event.' },
    time: { type: 'string', format: 'date-time', description: 'When it happened.' },
    tenantid: { type: 'string', description: 'Whose event it is.' },
    workspaceid: { type: 'string' },
    userid: { type: 'string', description: 'Who did it, where a user did.' },
    correlationid: { type: 'string', description: 'Shared by everything that followed from one request.' },
    causationid: {
      type: 'string',
      description: 'The id of the event in whose handler this one was published.',
    },
    traceparent: { type: 'string', description: 'W3C Trace Context.' },
    tracestate: { type: 'string' },
    plexicacontext: {
      type: 'string',
      description: "The gateway's signed note about whose request the publisher served.",
    },
  },
};
