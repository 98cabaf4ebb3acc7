import { manifest, testRule } from '../../testing/rule-tester.ts';
import { gatewaySetting } from './gateway-setting.ts';

const workspace = (settings: string) => ({
  files: [manifest('plugin-crm', '"backend": {}')],
  options: {
    workspace: `{ "plugins": ["plugins/*/plugin.json"],
      "upstreams": { "plugin-crm": { "urls": ["http://127.0.0.1:3100"] } }, ${settings} }`,
  },
});

testRule(gatewaySetting, {
  silent: [
    {
      name: 'settings that work',
      ...workspace(`"gateway": {
          "timeout": "10ms", "drain": "0s", "trustedProxies": ["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"],
          "cors": { "origins": ["https://app.example.com", "https://*.example.com", "http://localhost:5173"] }
        },
        "limits": { "queueTimeout": "0s" }, "health": { "slow": "0ms" },
        "events": { "transport": "kafka", "brokers": "kafka-1:9092, [::1]:9093", "retry": { "initial": "0ms" } }`),
    },
    {
      name: 'brokers that are not asked for',
      ...workspace('"events": { "transport": "embedded", "brokers": "kafka" }'),
    },
    {
      name: 'what is not known yet',
      ...workspace(`"gateway": {
          "trustedProxies": ["\${PROXY}"], "cors": { "origins": ["\${ORIGIN}"] }
        }, "events": { "transport": "kafka", "brokers": "\${KAFKA_BROKERS}" }`),
    },
  ],
  fires: [
    {
      name: 'origins',
      ...workspace(
        '"gateway": { "cors": { "origins": [⟦"https://app.example.com/"⟧, "http://localhost:1", ⟦"*"⟧, ⟦"https://*.*.com"⟧] } }',
      ),
      findings: [
        {
          message: 'gateway.cors.origins lists "https://app.example.com/", which is no origin',
          help: 'write a scheme, a host and perhaps a port, such as https://app.example.com or https://*.example.com',
        },
        { message: 'gateway.cors.origins lists "*", which is no origin' },
        { message: 'gateway.cors.origins lists "https://*.*.com", which is no origin' },
      ],
    },
    {
      name: 'proxies',
      ...workspace('"gateway": { "trustedProxies": [⟦"proxy"⟧, ⟦"10.0.0.0/33"⟧] }'),
      findings: [
        { message: 'gateway.trustedProxies lists "proxy", which is neither an IP address nor a subnet' },
        {
          message: 'gateway.trustedProxies lists "10.0.0.0/33", which is neither an IP address nor a subnet',
        },
      ],
    },
    {
      name: 'times of nothing',
      ...workspace(`"gateway": { "timeout": ⟦"0s"⟧ }, "health": { "interval": ⟦"0ms"⟧, "timeout": ⟦"00m"⟧ },
        "circuit": { "window": ⟦"0s"⟧, "open": ⟦"0s"⟧ },
        "rateLimits": { "tenant": { "max": 1, "window": ⟦"0s"⟧ }, "caller": { "max": 1, "window": ⟦"0h"⟧ } },
        "events": { "retention": ⟦"0h"⟧, "apiRequests": { "every": ⟦"0ms"⟧ } }`),
      findings: [
        { message: 'gateway.timeout must be longer than 0s' },
        { message: 'health.interval must be longer than 0ms' },
        { message: 'health.timeout must be longer than 00m' },
        { message: 'circuit.window must be longer than 0s' },
        { message: 'circuit.open must be longer than 0s' },
        { message: 'rateLimits.tenant.window must be longer than 0s' },
        { message: 'rateLimits.caller.window must be longer than 0h' },
        { message: 'events.retention must be longer than 0h' },
        { message: 'events.apiRequests.every must be longer than 0ms' },
      ],
    },
    {
      name: 'Kafka without brokers',
      ...workspace('"events": { "transport": ⟦"kafka"⟧ }'),
      findings: [{ message: 'events.transport is kafka, and events.brokers is missing' }],
    },
    {
      name: 'a broker without a port',
      ...workspace('"events": { "transport": "kafka", "brokers": ⟦"kafka-1:9092,kafka-2"⟧ }'),
      findings: [{ message: 'events.brokers lists "kafka-2", which is not of the form host:port' }],
    },
    {
      name: 'the time limit of one plugin',
      files: [manifest('plugin-crm', '"backend": {}')],
      options: {
        workspace: `{ "plugins": ["plugins/*/plugin.json"],
          "upstreams": { "plugin-crm": { "urls": ["http://127.0.0.1:3100"], "timeout": ⟦"0s"⟧ } } }`,
      },
      findings: [{ message: 'upstreams.plugin-crm.timeout must be longer than 0s' }],
    },
  ],
});
