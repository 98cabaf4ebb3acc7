import { sendRaw } from '../../../runtime/gateway/testing/raw-connection.ts';
import { CRM } from '../../../runtime/gateway/testing/start-gateway.ts';
import { type Answer, readAnswers } from './read-answers.ts';
import { lastWith, type Target } from './start-target.ts';

/** The body with which an instance of CRM registers. */
export function registrationOf(baseUrl: unknown, rest: object = {}): object {
  const services = CRM.services.map(({ name, version, endpoints }) => ({
    name,
    version,
    baseUrl,
    endpoints: endpoints.map((endpoint) => {
      const [method, path] = endpoint.split(' ');
      return { method, path };
    }),
  }));
  return { pluginId: 'plugin-crm', services, ...rest };
}

/**
 * Registers with this body; the answer holds a token, and is kept nowhere.
 *
 * @param body an object, or the text itself
 */
export async function register(
  { gateway }: Pick<Target, 'gateway'>,
  body: object | string,
  ...lines: readonly string[]
): Promise<Answer> {
  const json = typeof body === 'string' ? body : JSON.stringify(body);
  // A connection of these tests takes bytes.
  const text = json.replaceAll(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const request = lastWith('POST /services/register', text, 'Content-Type: application/json', ...lines);
  const [answer] = readAnswers(await sendRaw(gateway.port, request));
  if (answer === undefined) throw new Error('there was no answer');
  return answer;
}
