/** A program that `make start` runs: an example plugin or the gateway. */
export interface RunnableProgram {
  readonly name: string;
  readonly isPlugin: boolean;
  readonly url: URL;
  /** What to set to give it another address. */
  readonly setting: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What to type into another terminal to have it back after it was stopped. */
export function restartLine({ name, environment }: RunnableProgram): string {
  const variables = Object.entries(environment).map(([variable, value]) => `${variable}=${value}`);
  return [...variables, `npm start --workspace ${name}`].join(' ');
}

export function gatewayUrl(environment: NodeJS.ProcessEnv): URL {
  return new URL(`http://127.0.0.1:${environment.PORT || '4000'}`);
}

/** The example plugins and the gateway, at the addresses that plexica.yaml gives them. */
export function programsOf(environment: NodeJS.ProcessEnv): readonly RunnableProgram[] {
  const gateway = gatewayUrl(environment);
  const crm = environment.CRM_BASE_URL || 'http://127.0.0.1:3100';
  const analytics = environment.ANALYTICS_BASE_URL || 'http://127.0.0.1:3200';
  const sample = environment.SAMPLE_ANALYTICS_BASE_URL || 'http://127.0.0.1:3300';
  return [
    plugin('plugin-crm', 'crm', 'CRM_BASE_URL', new URL(crm), gateway),
    plugin('plugin-analytics', 'analytics', 'ANALYTICS_BASE_URL', new URL(analytics), gateway),
    plugin('sample-analytics', 'sample-analytics', 'SAMPLE_ANALYTICS_BASE_URL', new URL(sample), gateway),
    {
      name: 'gateway',
      isPlugin: false,
      url: gateway,
      setting: `PORT=${portBeside(gateway)}`,
      command: ['runtime/gateway/bin/plexica-gateway.js', 'start'],
      environment: {},
    },
  ];
}

function plugin(name: string, folder: string, variable: string, url: URL, gateway: URL): RunnableProgram {
  return {
    name,
    isPlugin: true,
    url,
    setting: `${variable}=http://${url.hostname}:${portBeside(url)}`,
    command: [`plugins/${folder}/backend/src/index.ts`],
    environment: { HOST: url.hostname, PORT: url.port, GATEWAY_URL: gateway.origin },
  };
}

function portBeside(url: URL): number {
  return Number(url.port) + 1;
}
