// A real OpenID provider for the tests: npm oidc-provider, as ID-porten and a municipality's provider behave.
// PROVIDER_CONFIG (JSON): port, issuer, keys (private JWKs), clients, acrValues.
// Who signs in next is told by POST /control/person; nothing else about it is ours.
import Provider, { interactionPolicy } from "oidc-provider";

const config = JSON.parse(process.env.PROVIDER_CONFIG);
const people = new Map();
let next = null;

// Its guard refuses loopback addresses, and with them the back-channel log-out of these tests.
function plainFetch(url, options) {
  const { dispatcher, ...rest } = options;
  return globalThis.fetch(url, rest);
}

async function everythingGranted(ctx) {
  const { client, session, provider } = ctx.oidc;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope("openid profile email");
  grant.addOIDCClaims(["pid", "groups", "acr"]);
  await grant.save();
  return grant;
}

// As ID-porten: whoever has signed in at a lower level than the client asks for, signs in once more.
function policyWithLevels() {
  const { base, Check } = interactionPolicy;
  const rank = (acr) => config.acrValues.indexOf(acr);
  const policy = base();
  policy.get("login").checks.add(
    new Check("level", "a higher level is asked for", (ctx) => {
      const { params, session } = ctx.oidc;
      const isLow = params.acr_values && session.accountId && rank(session.acr) < rank(params.acr_values);
      return isLow ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
    }),
  );
  return policy;
}

const provider = new Provider(config.issuer, {
  clients: config.clients,
  jwks: { keys: config.keys },
  acrValues: config.acrValues,
  pkce: { required: () => true },
  conformIdTokenClaims: false,
  claims: {
    openid: ["sub"],
    profile: ["pid", "name", "locale", "groups"],
    email: ["email", "email_verified"],
    acr: null,
    amr: null,
    auth_time: null,
    sid: null,
  },
  cookies: { keys: ["only-for-the-tests"] },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource(ctx, form) {
        ctx.body = `<!DOCTYPE html><html lang="nb"><title>Logg ut</title>${form}
          <button type="submit" form="op.logoutForm" name="logout" value="yes">Logg ut</button></html>`;
      },
    },
  },
  fetch: plainFetch,
  interactions: { policy: policyWithLevels(), url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  loadExistingGrant: everythingGranted,
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
  ttl: { Session: 3600, Interaction: 600, Grant: 3600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
});
provider.proxy = true;

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString());
}

provider.use(async (ctx, go) => {
  if (ctx.path === "/control/person") {
    next = await bodyOf(ctx.req);
    people.set(next.sub, next.claims);
    ctx.body = "ok";
  } else if (ctx.path.startsWith("/interaction/")) {
    await provider.interactionDetails(ctx.req, ctx.res);
    const result = next.refuses
      ? { error: "access_denied", error_description: "the person turned back" }
      : { login: { accountId: next.sub, acr: next.acr, amr: ["BankID"], remember: true } };
    const url = await provider.interactionResult(ctx.req, ctx.res, result);
    ctx.redirect(url);
  } else {
    await go();
  }
});

provider.on("server_error", (ctx, error) => console.error(error));
provider.on("backchannel.error", (ctx, error) => console.error("backchannel", error.message));
provider.listen(config.port, "127.0.0.1", () => console.log("listening"));
