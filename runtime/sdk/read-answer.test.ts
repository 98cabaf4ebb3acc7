import { expect, test } from 'vitest';
import type { AnswerKind } from './endpoint.ts';
import { connect } from './testing/connect.ts';
import { contactsEndpoint } from './testing/endpoints.ts';
import { startServer } from './testing/test-server.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

test.for<{ kind: AnswerKind; text: string; value: unknown }>([
  { kind: 'data', text: '{"success":true,"data":{"id":1}}', value: { id: 1 } },
  { kind: 'data', text: '{"success":true,"data":[1,2]}', value: [1, 2] },
  { kind: 'data', text: '{"success":true,"data":null}', value: null },
  { kind: 'data', text: '{"success":true,"data":0}', value: 0 },
  { kind: 'data', text: '{"success":true,"data":""}', value: '' },
  { kind: 'list', text: '{"success":true,"data":[1],"total":9}', value: { items: [1], total: 9 } },
  { kind: 'list', text: '{"success":true,"data":[],"total":0}', value: { items: [], total: 0 } },
  { kind: 'message', text: '{"success":true,"message":"gone"}', value: { message: 'gone' } },
  { kind: 'message', text: '{"success":true,"data":1,"message":""}', value: { message: '' } },
  { kind: 'whole', text: '{"success":true,"data":1}', value: { success: true, data: 1 } },
  { kind: 'whole', text: 'null', value: null },
  { kind: 'whole', text: 'false', value: false },
  { kind: 'whole', text: '0', value: 0 },
  { kind: 'whole', text: '""', value: '' },
  { kind: 'whole', text: '', value: undefined },
  { kind: 'whole', text: 'a,b\n1,2\n', value: 'a,b\n1,2\n' },
  { kind: 'unknown', text: '{"success":true,"data":[1],"total":1}', value: { items: [1], total: 1 } },
  { kind: 'unknown', text: '{"success":true,"data":[1]}', value: [1] },
  { kind: 'unknown', text: '{"success":true,"message":"ok"}', value: { message: 'ok' } },
  { kind: 'unknown', text: '{"success":true,"more":1}', value: { success: true, more: 1 } },
  { kind: 'unknown', text: '{"data":1}', value: { data: 1 } },
  { kind: 'unknown', text: '[1]', value: [1] },
  { kind: 'unknown', text: '', value: undefined },
])('$kind unwraps $text', async ({ kind, text, value }) => {
  const server = await startServer(() => ({ headers: JSON_TYPE, text }));
  expect(await connect(server).call(contactsEndpoint({ answer: kind }))).toEqual(value);
});

test.for<{ kind: AnswerKind; text: string; says: string }>([
  { kind: 'data', text: '', says: 'the answer is empty' },
  { kind: 'data', text: '<html>', says: 'the answer is not JSON' },
  { kind: 'data', text: '{"success":true,', says: 'the answer is not JSON' },
  { kind: 'data', text: '{"success":true}', says: 'the answer has no "data"' },
  { kind: 'data', text: '{"data":1}', says: 'not the response envelope' },
  { kind: 'data', text: '{"success":false,"data":1}', says: 'not the response envelope' },
  { kind: 'data', text: '{"success":"true","data":1}', says: 'not the response envelope' },
  { kind: 'data', text: '[{"success":true}]', says: 'not the response envelope' },
  { kind: 'data', text: 'null', says: 'not the response envelope' },
  { kind: 'list', text: '{"success":true,"data":{},"total":1}', says: '"data" is not a list' },
  { kind: 'list', text: '{"success":true,"data":[]}', says: 'the answer has no "total"' },
  { kind: 'list', text: '{"success":true,"data":[],"total":"1"}', says: 'the answer has no "total"' },
  { kind: 'message', text: '{"success":true,"message":1}', says: 'the answer has no "message"' },
])('$kind refuses $text', async ({ kind, text, says }) => {
  const server = await startServer(() => ({ headers: { ...JSON_TYPE, 'x-request-id': 'r-1' }, text }));
  await expect(connect(server).call(contactsEndpoint({ answer: kind }))).rejects.toMatchObject({
    name: 'ServiceCallError',
    code: 'bad-answer',
    status: 200,
    requestId: 'r-1',
    message: expect.stringContaining(says),
  });
  expect(server.received).toHaveLength(1);
});
