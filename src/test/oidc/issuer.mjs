// An issuer of OpenID Connect for tests: oidc-provider, over TLS, with tokens for clients (RFC 6749, section 4.4) in the form of
// JWT access tokens (RFC 9068).
//
//   node issuer.mjs PORT CERTIFICATE KEY MODULES [CONSOLE]
//
// The client 'ci' with the secret 'client-secret-of-ci' is given a token whose audience is the resource that it asks for. The client 'console'
// with 'client-secret-of-console' signs people in: whoever gives a name is who they say, 'ada' is of the group 'registry-operators', and all are
// of 'staff'. Its redirect URI is that of CONSOLE, http://localhost:PORT/console/. POST /rotate puts a new key before the others.
import { createServer } from 'node:https';
import { createRequire } from 'node:module';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [port, certificate, key, modules, site = 'http://localhost:9000/console/'] = process.argv.slice(2);
const { Provider } = await import(
  pathToFileURL(createRequire(modules ? `${modules}/` : import.meta.url).resolve('oidc-provider')));
const url = `https://localhost:${port}`;
const keys = [];
let provider;
let answer;

function rotate() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  keys.unshift({ ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' });
  provider = new Provider(url, {
    jwks: { keys },
    clients: [{
      client_id: 'console',
      client_secret: 'client-secret-of-console',
      grant_types: ['authorization_code'],
      redirect_uris: [`${site}callback`],
      post_logout_redirect_uris: [`${site}login`],
      response_types: ['code'],
    }, {
      client_id: 'ci',
      client_secret: 'client-secret-of-ci',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    }],
    features: {
      devInteractions: { enabled: false },
      // Its own page would load fonts from elsewhere.
      rpInitiatedLogout: {
        logoutSource: (ctx, form) => {
          ctx.body = `<!DOCTYPE html><html lang="en"><title>Issuer</title>${form}`
            + '<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button></html>';
        },
      },
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
    claims: { openid: ['sub', 'groups'] },
    conformIdTokenClaims: false,
    findAccount: (ctx, name) => ({
      accountId: name,
      claims: () => ({ sub: name, groups: name === 'ada' ? ['staff', 'registry-operators'] : ['staff'] }),
    }),
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['a key of the cookies of an issuer for tests'] },
    // Nobody is asked whether they consent.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  answer = provider.callback();
}

async function interact(request, response) {
  if (request.method === 'POST') {
    let form = '';
    for await (const chunk of request) form += chunk;
    const name = new URLSearchParams(form).get('name');
    const result = name ? { login: { accountId: name } } : { error: 'access_denied' };
    await provider.interactionFinished(request, response, result);
  } else {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!DOCTYPE html><html lang="en"><title>Issuer</title><form method="post"><label>Name <input name="name" autofocus></label>'
      + '<button>Go on</button></form></html>');
  }
}

rotate();
createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  if (request.method === 'POST' && request.url === '/rotate') {
    rotate();
    response.end(keys[0].kid);
  } else if (request.url.startsWith('/interaction/')) {
    interact(request, response).catch((failure) => {
      response.statusCode = 400;
      response.end(String(failure));
    });
  } else if (request.url === '/favicon.ico') {
    response.statusCode = 204;
    response.end();
  } else {
    answer(request, response);
  }
}).listen(Number(port), '127.0.0.1', () => console.log(`issuer at ${url}`));
