import { describe, expect, it } from 'vitest';
import { readSettings } from '../settings.ts';

describe('readSettings', () => {
  it('has defaults for everything, and takes an empty variable as none', () => {
    expect(readSettings({ PORT: '', HOST: '' })).toEqual({
      port: 3100,
      host: '127.0.0.1',
      instanceUrl: undefined,
      logLevel: 'info',
      config: {},
      demoData: true,
    });
  });

  it('reads what the environment says', () => {
    const settings = readSettings({
      PORT: '0',
      HOST: '0.0.0.0',
      INSTANCE_URL: 'http://crm:3100',
      LOG_LEVEL: 'silent',
      CRM_CONFIG: '{"pageSize":5}',
      CRM_DEMO_DATA: 'off',
    });
    expect(settings).toEqual({
      port: 0,
      host: '0.0.0.0',
      instanceUrl: 'http://crm:3100',
      logLevel: 'silent',
      config: { pageSize: 5 },
      demoData: false,
    });
  });

  it.each([
    [{ PORT: '65536' }, 'PORT must be a number from 0 to 65535, but is "65536"'],
    [{ CRM_CONFIG: '{' }, 'CRM_CONFIG must be JSON'],
    [{ CRM_DEMO_DATA: 'no' }, 'CRM_DEMO_DATA must be one of on, off, but is "no"'],
  ])('names the variable that cannot be used: %j', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message);
  });
});
