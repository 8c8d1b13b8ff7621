// An issuer that nobody here wrote: the OpenID Provider `oidc-provider` from npm. It signs a program in by client credentials and an employee by
// authorization code and PKCE, prints both tokens as a line of JSON, and goes on publishing its keys until standard input closes.
//
// Usage: node independent_issuer.mjs FOLDER AUDIENCE CONSUMER SUBJECT, with node_modules/oidc-provider in FOLDER
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [folder, audience, consumer, subject] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(createRequire(`${folder}/`).resolve('oidc-provider')));
// What the library says to its developers is nobody else's concern.
console.warn = console.info = () => {};

const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;
const back = `${issuer}/back`;
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'a-program', client_secret: 'secret', grant_types: ['client_credentials'],
      redirect_uris: [], response_types: [],
    },
    {
      client_id: 'stjordal', token_endpoint_auth_method: 'none', application_type: 'native',
      grant_types: ['authorization_code'], response_types: ['code'], redirect_uris: [back],
    },
  ],
  cookies: { keys: ['only for this test'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: () => ({ consumer: { authority: 'iso6523-actorid-upis', ID: `0192:${consumer}` } }),
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        audience, scope: 'rettbolig:facilities.read', accessTokenFormat: 'jwt', accessTokenTTL: 600,
      }),
    },
  },
});
server.on('request', provider.callback());

const form = (values) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(values).toString(),
});
const json = async (path, init) => (await fetch(`${issuer}${path}`, init)).json();

const program = await json('/token', form({
  grant_type: 'client_credentials', client_id: 'a-program', client_secret: 'secret',
  resource: audience, scope: 'rettbolig:facilities.read',
}));

// A browser: it keeps cookies and goes where it is sent, until it comes back with a code.
const cookies = new Map();
async function visit(url, init = {}) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
  for (const line of answer.headers.getSetCookie()) {
    const [name, value] = line.split(';')[0].split('=');
    cookies.set(name, value);
  }
  const next = answer.headers.get('location');
  return next && new URL(next, issuer).href;
}

const verifier = randomBytes(32).toString('base64url');
const nonce = randomBytes(16).toString('base64url');
const asked = new URLSearchParams({
  client_id: 'stjordal', response_type: 'code', scope: 'openid', redirect_uri: back, nonce, max_age: '300',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
});
let at = `${issuer}/auth?${asked}`;
for (const prompt of ['login', 'consent']) {
  while (!at.includes('/interaction/')) at = await visit(at);
  at = await visit(at, form({ prompt, login: subject, password: 'any' }));
}
while (!at.startsWith(back)) at = await visit(at);
const employee = await json('/token', form({
  grant_type: 'authorization_code', client_id: 'stjordal', redirect_uri: back,
  code: new URL(at).searchParams.get('code'), code_verifier: verifier,
}));

console.log(JSON.stringify({
  issuer, nonce, accessToken: program.access_token, idToken: employee.id_token,
}));
process.stdin.on('end', () => process.exit()).resume();
