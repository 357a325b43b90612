// A provider of identities for the tests: oidc-provider, which is certified, behind a server that can be told to misbehave.
//
// It prints its address when it listens, and ends with its standard input. `POST /told` sets what is to happen:
//   user       who signs in, without being asked
//   rotate     new keys are published and used from now on
//   token      changes in the claims of the next tokens (null takes one out), signed with the provider's own key
//   stranger   tokens are signed with a key that is not published
//   keyless    tokens are signed with the client's secret (HS256)
// `GET /count` answers how often its keys were asked for.

import { createServer } from 'node:http';
import * as jose from 'jose';
import { Provider } from 'oidc-provider';

const CLIENT = 'meed';
const SECRET = 'a secret that only the tests know';

let issuer;
let provider;
let key;
let keysAsked = 0;
let told = { user: 'alice' };

async function fresh() {
  const { privateKey } = await jose.generateKeyPair('RS256', { extractable: true });
  const kid = `key-${Math.random().toString(36).slice(2)}`;
  return { ...(await jose.exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
}

// The portal's address for answers; tests do not listen there.
const REDIRECT = process.argv[2];

async function begin() {
  key = await fresh();
  provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT, client_secret: SECRET, redirect_uris: [REDIRECT], response_types: ['code'] }],
    jwks: { keys: [key] },
    cookies: { keys: ['cookies of the tests'] },
    acrValues: ['two-factors'],
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    // Nobody is asked what the portal may know.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: CLIENT, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    pkce: { required: () => true },
    ttl: { IdToken: 3600, AccessToken: 60, AuthorizationCode: 60, Grant: 3600, Interaction: 600, Session: 3600 },
  });
}

// What the provider answers at its token endpoint, with a token that is changed as it was told.
async function changed(request, body) {
  const { authorization, 'content-type': type } = request.headers;
  const headers = { authorization, 'content-type': type, 'x-honest': 'yes' };
  const answer = await fetch(`${issuer}/token`, { method: 'POST', headers, body });
  const json = await answer.json();
  if (json.id_token) {
    const claims = { ...jose.decodeJwt(json.id_token), ...told.token };
    for (const name of Object.keys(claims)) {
      if (claims[name] === null) delete claims[name];
    }
    const by = told.stranger ? await fresh() : key;
    const token = new jose.SignJWT(claims);
    json.id_token = told.keyless
      ? await token.setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET))
      : await token.setProtectedHeader({ alg: 'RS256', kid: by.kid }).sign(await jose.importJWK(by, 'RS256'));
  }
  return [answer.status, json];
}

async function text(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function answer(request, response) {
  const json = (status, value) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  const { pathname } = new URL(request.url, issuer);
  if (pathname === '/told') {
    told = { user: 'alice', ...JSON.parse(await text(request)) };
    if (told.rotate) await begin();
    return json(200, {});
  }
  if (pathname === '/count') return json(200, keysAsked);
  if (pathname === '/jwks') keysAsked += 1;
  if (pathname.startsWith('/interaction/')) {
    const result = { login: { accountId: told.user, acr: 'two-factors' } };
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  if (pathname === '/token' && !request.headers['x-honest'] && (told.token || told.stranger || told.keyless)) {
    return json(...(await changed(request, await text(request))));
  }
  return provider.callback()(request, response);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
});
server.listen(0, '127.0.0.1', async () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  await begin();
  console.log(issuer);
});
process.stdin.on('end', () => process.exit()).resume();
