import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const PERMISSIONS = [
  'contacts:read',
  'contacts:write',
  'deals:read',
  'deals:write',
  'reports:read',
  'reports:write',
];

/** What to try, once everything is up: a token and lines to paste. */
export async function tourOf(gateway: URL, logFolder: string): Promise<string> {
  const api = `${gateway.origin}/api/plugin-gateway`;
  const bearer = '-H "Authorization: Bearer $TOKEN"';
  return `
All HEALTHY. Paste this into another terminal (the token is for user ada of tenant demo, for an hour):

TOKEN=${await tokenFor('demo', 'ada')}

curl -w '\\n' ${bearer} '${api}/plugin-crm/contacts?take=3'
curl -w '\\n' ${bearer} -X POST ${api}/plugin-analytics/reports
curl -w '\\n' ${bearer} ${api}/plugins

The API documentation: ${api}/docs
Another tenant:        npx plexica token --tenant acme --user bob ${PERMISSIONS.map((name) => `--permission ${name}`).join(' ')}
The logs:              ${logFolder}/
Ctrl-C stops everything.
`;
}

async function tokenFor(tenant: string, user: string): Promise<string> {
  const permissions = PERMISSIONS.flatMap((name) => ['--permission', name]);
  const { stdout } = await promisify(execFile)(process.execPath, [
    'runtime/gateway/bin/plexica-gateway.js',
    'token',
    '--tenant',
    tenant,
    '--user',
    user,
    ...permissions,
  ]);
  return stdout.trim();
}
