import { execFileSync } from 'node:child_process';

const PERMISSIONS = [
  'contacts:read',
  'contacts:write',
  'deals:read',
  'deals:write',
  'reports:read',
  'reports:write',
];

/** What to try, once everything is up: a token and lines to paste. */
export function tourOf(gateway: URL, logFolder: string): string {
  const api = `${gateway.origin}/api/plugin-gateway`;
  const bearer = '-H "Authorization: Bearer $TOKEN"';
  return `
All HEALTHY. Paste this into another terminal (the token is for user ada of tenant demo, for an hour):

TOKEN=${tokenFor('demo', 'ada')}

curl -w '\\n' ${bearer} '${api}/plugin-crm/contacts?take=3'
curl -w '\\n' ${bearer} -X POST ${api}/plugin-analytics/reports
curl -w '\\n' ${bearer} ${api}/plugins

The API documentation: ${api}/docs
Another tenant:        npx plexica token --tenant acme --user bob ${PERMISSIONS.map((name) => `--permission ${name}`).join(' ')}
The logs:              ${logFolder}/
Ctrl-C stops everything.
`;
}

function tokenFor(tenant: string, user: string): string {
  const permissions = PERMISSIONS.flatMap((name) => ['--permission', name]);
  const token = execFileSync(
    process.execPath,
    ['runtime/gateway/bin/plexica-gateway.js', 'token', '--tenant', tenant, '--user', user, ...permissions],
    { encoding: 'utf8' },
  );
  return token.trim();
}
