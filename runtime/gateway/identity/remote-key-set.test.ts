import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { exportJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createManualClock } from '../instances/testing/manual-clock.ts';
import { createRemoteKeySet, createRemoteKeySets } from './remote-key-set.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
let jwk: JWK;
beforeAll(async () => {
  jwk = await exportJWK(pair.publicKey);
});

const unavailable = expect.objectContaining({ code: 'identity-unavailable', status: 503 });
const noKey = expect.objectContaining({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
const down: RequestListener = (_, response) => response.writeHead(500).end();

/** An identity provider that publishes keys of these names, and whoever checks tokens with them. */
async function setUp(...kids: string[]) {
  let answer = publish(...kids);
  let fetches = 0;
  const server = createServer((request, response) => {
    fetches += 1;
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const uri = new URL(`http://127.0.0.1:${port}/jwks`);
  const clock = createManualClock();
  const log: string[] = [];
  const options = { clock, log: { warn: (line: string) => log.push(line) } };
  const keys = createRemoteKeySet(uri, options);
  return {
    uri,
    clock,
    options,
    log,
    fetches: () => fetches,
    answer: (how: RequestListener) => {
      answer = how;
    },
    check: async (kid: string, key?: KeyObject) => {
      const { protectedHeader } = await jwtVerify(await sign(kid, key), keys);
      return protectedHeader.kid;
    },
  };
}

function publish(...kids: string[]): RequestListener {
  return (_, response) => response.end(JSON.stringify({ keys: kids.map((kid) => ({ ...jwk, kid })) }));
}

function sign(kid: string, key: KeyObject = pair.privateKey): Promise<string> {
  return new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(key);
}

describe('while the provider is well', () => {
  it('is fetched once, when it is first needed, for everybody', async () => {
    const { check, fetches } = await setUp('a', 'b');
    expect(fetches()).toBe(0);
    expect(await Promise.all(['a', 'b', 'a', 'b'].map((kid) => check(kid)))).toEqual(['a', 'b', 'a', 'b']);
    expect(fetches()).toBe(1);
  });

  it('is fetched again for a key that it does not have', async () => {
    const { check, answer, clock, fetches } = await setUp('a');
    await check('a');
    answer(publish('b', 'a'));
    clock.advance(1000);
    expect(await Promise.all([check('b'), check('b'), check('a')])).toEqual(['b', 'b', 'a']);
    expect(fetches()).toBe(2);
  });

  it('is fetched less and less often for keys that nobody has', async () => {
    const { check, clock, fetches } = await setUp('a');
    await check('a');
    for (let second = 0; second < 300; second += 1) {
      clock.advance(1000);
      await expect(check(`nobody-${second}`)).rejects.toThrow(noKey);
    }
    // 1, 2, 4, 8 and 16 seconds apart, then every 30 seconds.
    expect(fetches()).toBeLessThanOrEqual(16);
    expect(fetches()).toBeGreaterThan(10);
  });

  it('is fetched before it verifies where it is older than ten minutes, so that no key that was taken back does', async () => {
    const { check, answer, clock, fetches } = await setUp('a', 'b');
    await check('a');
    answer(publish('b'));
    // Nobody came all night.
    clock.advance(8 * 3_600_000);
    const outcomes = await Promise.allSettled([check('a'), check('b'), check('a')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect(fetches()).toBe(2);
  });

  it('is fetched in the background before it is so old', async () => {
    const { check, answer, clock, fetches } = await setUp('a', 'b');
    await check('a');
    answer(publish('b'));
    clock.advance(500_000);
    // It has not come yet, and nobody waits for it.
    expect(await check('a')).toBe('a');
    await vi.waitFor(() => expect(fetches()).toBe(2));
    await vi.waitFor(() => expect(check('a')).rejects.toThrow(noKey));
    expect(await check('b')).toBe('b');
  });

  it('finds one key among thousands', async () => {
    const kids = Array.from({ length: 5000 }, (_, at) => `key-${at}`);
    const { check, fetches } = await setUp(...kids);
    expect(await check('key-0')).toBe('key-0');
    expect(await check('key-4999')).toBe('key-4999');
    await expect(check('key-5000')).rejects.toThrow(noKey);
    expect(fetches()).toBe(1);
  });

  it('does not let a key verify what another one signed', async () => {
    const { check } = await setUp('a');
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await expect(check('a', other.privateKey)).rejects.toThrow(
      expect.objectContaining({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' }),
    );
  });

  it('is one for each address, whoever asks for it', async () => {
    const { uri, options } = await setUp('a');
    const keySets = createRemoteKeySets(options);
    expect(keySets(new URL(uri.href))).toBe(keySets(uri));
    expect(keySets(new URL('/other', uri))).not.toBe(keySets(uri));
  });
});

describe('while the provider is down', () => {
  it('is asked less and less often, whoever comes', async () => {
    const { check, answer, clock, fetches, log } = await setUp();
    answer(down);
    for (let tenths = 0; tenths < 6000; tenths += 1) {
      await expect(check('a')).rejects.toThrow(unavailable);
      clock.advance(100);
    }
    // Half of 0.5, 1, 2 … 30 seconds apart: chance says 0.
    expect(fetches()).toBeLessThanOrEqual(48);
    expect(fetches()).toBeGreaterThan(30);
    expect(log).toEqual([
      'the keys of identity.jwt.jwksUri cannot be fetched: it answers with status 500; tokens of users cannot be checked',
    ]);
  });

  it('says when to come again, and is there when it is back', async () => {
    const { check, answer, clock, log } = await setUp();
    answer(down);
    const refused = check('a');
    await expect(refused).rejects.toThrow(unavailable);
    await expect(refused).rejects.toMatchObject({ headers: { 'retry-after': '1' } });
    answer(publish('a'));
    clock.advance(1000);
    expect(await check('a')).toBe('a');
    expect(log[1]).toContain('are there again');
  });

  it('goes on to verify with the keys that were fetched before, for hours', async () => {
    const { check, answer, clock, fetches, log } = await setUp('a');
    await check('a');
    answer(down);
    for (let minute = 0; minute < 600; minute += 1) {
      clock.advance(60_000);
      expect(await check('a')).toBe('a');
    }
    expect(fetches()).toBeGreaterThan(1);
    expect(log).toEqual([expect.stringContaining('the keys that were fetched before go on to verify')]);
    // Whether a key that is not among them is a good one cannot be known.
    await expect(check('b')).rejects.toThrow(unavailable);
    answer(publish('a', 'b'));
    clock.advance(30_000);
    expect(await check('b')).toBe('b');
  });

  it.each<[string, RequestListener, string]>([
    ['redirects', (_, response) => response.writeHead(302, { location: '/jwks' }).end(), 'status 302'],
    ['answers with a page', (_, response) => response.end('<html>'), 'JSON'],
    ['answers with no keys', (_, response) => response.end('{"keys":[]}'), 'holds no keys'],
    ['answers with something else', (_, response) => response.end('[]'), 'holds no keys'],
    ['answers with text for keys', (_, response) => response.end('{"keys":["a"]}'), 'malformed'],
    ['breaks off', (request) => request.socket.destroy(), 'other side closed'],
    [
      'breaks off in the middle',
      (request, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{"keys":');
        setImmediate(() => request.socket.destroy());
      },
      'other side closed',
    ],
    [
      'never ends',
      (_, response) => {
        const more = () => {
          while (!response.destroyed && response.write(' '.repeat(65_536)));
        };
        response.on('drain', more);
        more();
      },
      'larger than 8388608 bytes',
    ],
    [
      'sends little that unpacks to much',
      (_, response) => {
        response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')));
      },
      'larger than 8388608 bytes',
    ],
  ])('keeps its keys when the provider %s', async (_, spoiled, words) => {
    const { check, answer, clock, log } = await setUp('a');
    await check('a');
    answer(spoiled);
    clock.advance(1000);
    await expect(check('b')).rejects.toThrow(unavailable);
    expect(await check('a')).toBe('a');
    expect(log).toEqual([expect.stringContaining(words)]);
  });
});
