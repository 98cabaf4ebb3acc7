/** The peer: `@fastify/http-proxy` with nothing around it. Prints its address once it listens. */
import httpProxy from '@fastify/http-proxy';
import Fastify from 'fastify';

const app = Fastify();
await app.register(httpProxy, {
  upstream: process.env.UPSTREAM ?? '',
  prefix: '/api/plugin-gateway/plugin-bench',
});
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
