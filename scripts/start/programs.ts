/** A program that `make start` runs: an example plugin or the gateway. */
export interface RunnableProgram {
  readonly name: string;
  readonly url: URL;
  /** What to set to give it another address. */
  readonly setting: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The example plugins and the gateway, at the addresses that plexica.yaml gives them. */
export function programsOf(environment: NodeJS.ProcessEnv): readonly RunnableProgram[] {
  const gateway = new URL(`http://127.0.0.1:${environment.PORT || '4000'}`);
  return [
    plugin('plugin-crm', 'crm', 'CRM_BASE_URL', environment.CRM_BASE_URL || 'http://127.0.0.1:3100', gateway),
    plugin(
      'plugin-analytics',
      'analytics',
      'ANALYTICS_BASE_URL',
      environment.ANALYTICS_BASE_URL || 'http://127.0.0.1:3200',
      gateway,
    ),
    {
      name: 'gateway',
      url: gateway,
      setting: `PORT=${Number(gateway.port) + 1}`,
      command: ['runtime/gateway/bin/plexica-gateway.js', 'start'],
      environment: {},
    },
  ];
}

function plugin(
  name: string,
  folder: string,
  variable: string,
  address: string,
  gateway: URL,
): RunnableProgram {
  const url = new URL(address);
  const next = new URL(url);
  next.port = String(Number(url.port) + 1);
  return {
    name,
    url,
    setting: `${variable}=${next.origin}`,
    command: [`plugins/${folder}/backend/src/index.ts`],
    environment: { HOST: url.hostname, PORT: url.port, GATEWAY_URL: gateway.origin },
  };
}
