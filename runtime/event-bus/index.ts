/** Typed events between plugins: publish, handle, and lose nothing on the way. */
export {
  type RequestServer,
  type ServedRequest,
  servedRequest,
  serveRequests,
} from './context/serve-requests.ts';
export type { Served } from './context/served.ts';
export { createEventBus } from './create-event-bus.ts';
export { EventHandler, type EventHandlerDecorator } from './decorators/event-handler.ts';
export { EventPublisher, type EventPublisherDecorator } from './decorators/event-publisher.ts';
export type { Outcome } from './delivery/consumer.ts';
export type { RetryPolicy } from './delivery/retry-delay.ts';
export type { DomainEvent } from './domain-event.ts';
export { EventBusError, type EventErrorCode } from './errors.ts';
export type {
  BusState,
  EventBus,
  EventBusOptions,
  EventHandlerFunction,
  PublishOptions,
} from './event-bus.ts';
export type { AnyEvents, EventData, EventMap, EventName } from './event-map.ts';
export type { EventContract, PluginEvents } from './plugin-events.ts';
export {
  createEmbeddedTransport,
  type EmbeddedTransportOptions,
} from './transports/embedded/embedded-transport.ts';
export type { GatewayPort } from './transports/embedded/gateway-port.ts';
export {
  type GatewayTransportOptions,
  gatewayTransport,
} from './transports/gateway-transport.ts';
export type { KafkaEnvironment } from './transports/kafka-from-gateway.ts';
export type * from './transports/transport.ts';
