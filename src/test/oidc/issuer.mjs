// An issuer of OpenID Connect for tests: oidc-provider, over TLS, with tokens for clients (RFC 6749, section 4.4) in the form of
// JWT access tokens (RFC 9068).
//
//   node issuer.mjs PORT CERTIFICATE KEY
//
// The client 'ci' with the secret 'client-secret-of-ci' is given a token whose audience is the resource that it asks for. POST /rotate puts a
// new key before the others.
import { createServer } from 'node:https';
import { createRequire } from 'node:module';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [port, certificate, key, modules] = process.argv.slice(2);
const { Provider } = await import(
  pathToFileURL(createRequire(modules ? `${modules}/` : import.meta.url).resolve('oidc-provider')));
const url = `https://localhost:${port}`;
const keys = [];
let answer;

function rotate() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  keys.unshift({ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' });
  answer = new Provider(url, {
    jwks: { keys },
    clients: [{
      client_id: 'ci',
      client_secret: 'client-secret-of-ci',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    }],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (ctx, resource) => ({
          scope: '',
          audience: resource.replace('/short-lived', ''),
          accessTokenTTL: resource.includes('short') ? 1 : 300,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: () => ({ project: 'app', environment: 'production' }),
  }).callback();
}

rotate();
createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  if (request.method === 'POST' && request.url === '/rotate') {
    rotate();
    response.end(keys[0].kid);
  } else {
    answer(request, response);
  }
}).listen(Number(port), '127.0.0.1', () => console.log(`issuer at ${url}`));
