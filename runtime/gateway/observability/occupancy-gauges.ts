import { Gauge, type Registry } from 'prom-client';
import { webSocketPlaces } from '../limits/websocket-places.ts';
import type { PreparedTable } from '../table/prepared-table.ts';

/** What has a place, or waits for one. */
export interface Occupancy {
  /** A plugin's id, for its requests, or `webSocketPlaces` of it. */
  readonly pluginId: string;
  readonly inFlight: number;
  readonly waiting: number;
}

/** How much is under way at each plugin of the served table. */
export function registerOccupancyGauges(
  registry: Registry,
  occupancy: () => Iterable<Occupancy>,
  served: () => PreparedTable,
): void {
  gauge('plexica_requests_in_flight', 'Requests that have a place at a plugin.', itself, inFlight);
  gauge('plexica_requests_waiting', 'Requests that wait for a place at a plugin.', itself, waiting);
  gauge('plexica_websocket_connections', 'WebSocket connections to a plugin.', webSocketPlaces, inFlight);

  function gauge(
    name: string,
    help: string,
    nameOfPlaces: (pluginId: string) => string,
    count: (occupancy: Occupancy) => number,
  ): void {
    new Gauge({
      name,
      help,
      labelNames: ['plugin'],
      registers: [registry],
      collect() {
        this.reset();
        const byName = new Map([...occupancy()].map((one) => [one.pluginId, one]));
        for (const plugin of served().plugins.keys()) {
          const present = byName.get(nameOfPlaces(plugin));
          this.set({ plugin }, present === undefined ? 0 : count(present));
        }
      },
    });
  }
}

const itself = (pluginId: string) => pluginId;
const inFlight = (occupancy: Occupancy) => occupancy.inFlight;
const waiting = (occupancy: Occupancy) => occupancy.waiting;
