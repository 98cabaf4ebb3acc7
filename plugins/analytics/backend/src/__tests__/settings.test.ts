import { describe, expect, it } from 'vitest';
import { readSettings } from '../settings.ts';

describe('readSettings', () => {
  it('has defaults for everything, and takes an empty variable as none', () => {
    expect(readSettings({ PORT: '', HOST: '' })).toEqual({
      port: 3200,
      host: '127.0.0.1',
      instanceUrl: undefined,
      logLevel: 'info',
    });
  });

  it('reads what the environment says', () => {
    const settings = readSettings({
      PORT: '0',
      HOST: '0.0.0.0',
      INSTANCE_URL: 'http://analytics:3200',
      LOG_LEVEL: 'silent',
    });
    expect(settings).toEqual({
      port: 0,
      host: '0.0.0.0',
      instanceUrl: 'http://analytics:3200',
      logLevel: 'silent',
    });
  });

  it.each([
    [{ PORT: '65536' }, 'PORT must be a number from 0 to 65535, but is "65536"'],
    [{ PORT: '3200x' }, 'PORT must be'],
    [{ PORT: '-1' }, 'PORT must be'],
    [
      { INSTANCE_URL: 'analytics:3200' },
      'INSTANCE_URL must be a URL such as http://127.0.0.1:3200, but is "analytics:3200"',
    ],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error,'],
  ])('names the variable that cannot be used: %j', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message);
  });
});
