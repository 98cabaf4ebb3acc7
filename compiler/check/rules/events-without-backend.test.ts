import { manifest, testRule } from '../../testing/rule-tester.ts';
import { eventsWithoutBackend } from './events-without-backend.ts';

const SERVICE =
  '"api": { "services": [{ "name": "crm", "version": "1.0.0", "endpoints": [{ "method": "GET", "path": "/" }] }] }';

testRule(eventsWithoutBackend, {
  silent: [
    {
      name: 'a plugin with a backend',
      files: [manifest('plugin-crm', '"backend": {}, "events": { "publishes": ["crm.created"] }')],
    },
    {
      name: 'a plugin with a service',
      files: [manifest('plugin-crm', `${SERVICE}, "events": { "subscribes": ["user.login"] }`)],
    },
    {
      name: 'empty lists',
      files: [manifest('plugin-crm', '"events": { "publishes": [], "subscribes": [] }')],
    },
  ],
  fires: [
    {
      name: 'a subscriber, told once',
      files: [
        manifest(
          'plugin-banner',
          '"events": { "publishes": ["banner.seen"], "subscribes": [⟦"user.login"⟧, "user.logout"] }',
        ),
      ],
      findings: [{ message: 'plugin "plugin-banner" lists events, but has no backend that handles them' }],
    },
    {
      name: 'a publisher',
      files: [manifest('plugin-banner', '"events": { "publishes": [⟦"banner.seen"⟧] }')],
      findings: [{ message: 'plugin "plugin-banner" lists events, but has no backend that publishes them' }],
    },
  ],
});
