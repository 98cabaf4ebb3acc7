import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';

const PERMISSIONS = [
  'contacts:read',
  'contacts:write',
  'deals:read',
  'deals:write',
  'reports:read',
  'reports:write',
  'analytics:read',
];

/** What to try, once everything is up: tokens and lines to paste. */
export async function tourOf(gateway: URL, logFolder: string): Promise<string> {
  const api = `${gateway.origin}/api/plugin-gateway`;
  const bearer = '-H "Authorization: Bearer $TOKEN"';
  const json = "-H 'Content-Type: application/json'";
  return `
All HEALTHY. Paste this into another terminal (the token is for user ada of tenant demo, for an hour):

TOKEN=${await userToken('demo', 'ada')}

curl -w '\\n' ${bearer} '${api}/plugin-crm/contacts?take=3'
curl -w '\\n' ${bearer} -X POST ${api}/plugin-analytics/reports
curl -w '\\n' ${bearer} ${api}/plugins

Then an event from one plugin to another (a contact; the counters have moved), and one of the platform to a hook (a login;
the same one twice counts once):

curl -w '\\n' ${bearer} ${json} -d '{"name":"Mary","email":"mary@example.com"}' ${api}/plugin-crm/contacts
sleep 1; curl -w '\\n' ${bearer} ${api}/plugin-analytics/counters

PLATFORM=${await tokenFor('--platform')}

curl -w '\\n' -H "Authorization: Bearer $PLATFORM" ${json} -d '${JSON.stringify(loginOf('demo', 'ada'))}' ${api}/events
sleep 1; curl -w '\\n' ${bearer} ${api}/sample-analytics/counts

The API documentation: ${api}/docs
Another tenant:        npx plexica token --tenant acme --user bob ${PERMISSIONS.map((name) => `--permission ${name}`).join(' ')}
The logs:              ${logFolder}/
Ctrl-C stops everything.
`;
}

/** A CloudEvent, as the platform publishes it. */
function loginOf(tenantid: string, userId: string): object {
  const time = new Date().toISOString();
  const login = { source: '/platform', type: 'user.login', tenantid, data: { userId } };
  return { specversion: '1.0', id: randomUUID(), time, ...login };
}

async function userToken(tenant: string, user: string): Promise<string> {
  const permissions = PERMISSIONS.flatMap((name) => ['--permission', name]);
  return await tokenFor('--tenant', tenant, '--user', user, ...permissions);
}

async function tokenFor(...options: readonly string[]): Promise<string> {
  const command = ['runtime/gateway/bin/plexica-gateway.js', 'token', ...options];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  return stdout.trim();
}
