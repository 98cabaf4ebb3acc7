/**
 * The name under which WebSocket connections to a plugin have their places: they are long, and must not take those of
 * requests.
 */
export function webSocketPlaces(pluginId: string): string {
  return `${pluginId} WebSocket`;
}
