import { describeTransport } from './contract-suite.ts';
import { createMemoryBroker } from './memory-broker.ts';

// The suite itself is tried on the smallest transport there is.
describeTransport({
  name: 'in memory',
  async start() {
    const { connect, archive, inject, refuse } = createMemoryBroker();
    return {
      connect,
      archive,
      inject: async (...all) => inject(...all),
      refuse: async (transport) => refuse(transport),
      stop: async () => undefined,
    };
  },
});
