import { describe, expect, it } from 'vitest';
import { readPluginSettings } from './plugin-settings.ts';

const read = (environment: NodeJS.ProcessEnv) => readPluginSettings(environment, { port: 3100 });

describe('readPluginSettings', () => {
  it('has defaults for everything, and takes an empty variable as none', () => {
    const defaults = { port: 3100, host: '127.0.0.1', instanceUrl: undefined, logLevel: 'info' };
    expect(read({})).toEqual(defaults);
    expect(read({ PORT: '', HOST: '', INSTANCE_URL: '', LOG_LEVEL: '' })).toEqual(defaults);
  });

  it('reads what the environment says', () => {
    const environment = {
      PORT: '0',
      HOST: '0.0.0.0',
      INSTANCE_URL: 'https://crm.example.com',
      LOG_LEVEL: 'silent',
    };
    expect(read(environment)).toEqual({
      port: 0,
      host: '0.0.0.0',
      instanceUrl: 'https://crm.example.com',
      logLevel: 'silent',
    });
  });

  it.each([
    [{ PORT: '65536' }, 'PORT must be a number from 0 to 65535, but is "65536"'],
    [{ PORT: '3100x' }, 'PORT must be'],
    [{ PORT: '-1' }, 'PORT must be'],
    [
      { INSTANCE_URL: 'crm:3100' },
      'INSTANCE_URL must be a URL such as http://127.0.0.1:3100, but is "crm:3100"',
    ],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error,'],
  ])('names the variable that cannot be used: %j', (environment, message) => {
    expect(() => read(environment)).toThrow(message);
  });
});
