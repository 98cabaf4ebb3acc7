import { describe, expect, it } from 'vitest';
import { checkRequirements, type UnavailableRequirement, unavailable } from './availability.ts';

const CRM: UnavailableRequirement = { pluginId: 'crm', via: [], reasons: ['connection refused'] };

describe('checkRequirements', () => {
  it.each<[string, readonly UnavailableRequirement[], string]>([
    ['one that it requires itself', [CRM], 'board requires crm, which is not available: connection refused'],
    [
      'one that it requires through others',
      [{ pluginId: 'crm', via: ['analytics', 'reports'], reasons: [] }],
      'board requires analytics, which requires reports, which requires crm, which is not available',
    ],
    [
      'several',
      [CRM, { pluginId: 'mail', via: ['news'], reasons: ['slow', 'old'] }],
      'board requires crm, which is not available: connection refused; and news, which requires mail, which is not ' +
        'available: slow; old',
    ],
    [
      'many',
      [CRM, CRM, CRM, CRM, CRM],
      `board requires ${Array(3).fill('crm, which is not available: connection refused').join('; and ')}; ` +
        '2 more are not available',
    ],
  ])('refuses a plugin for %s', (_name, outages, message) => {
    const check = () => checkRequirements('board', 'fail', () => outages, 4_200);
    const headers = { 'retry-after': '5' };
    expect(check).toThrow(
      expect.objectContaining({ code: 'dependency-unavailable', status: 503, message, headers }),
    );
  });

  it('lets all pass where nothing is out', () => {
    expect(() => checkRequirements('board', 'fail', () => [], 1_000)).not.toThrow();
  });

  it('does not even ask where the policy is to go on', () => {
    const ask = () => {
      throw new Error('asked');
    };
    expect(() => checkRequirements('board', 'degrade', ask, 1_000)).not.toThrow();
  });
});

it('an answer for a plugin that is out says when to come again, in whole seconds, at least one', () => {
  expect(unavailable('crm', ['slow', 'old'], 10)).toMatchObject({
    code: 'plugin-unavailable',
    message: 'crm is not available: slow; old',
    headers: { 'retry-after': '1' },
  });
  expect(unavailable('crm', [], 1_001)).toMatchObject({
    message: 'crm is not available',
    headers: { 'retry-after': '2' },
  });
});
