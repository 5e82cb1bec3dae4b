// Keys and tokens by the prefixes, alphabets and lengths that their issuers publish. They are put together here from
// chance, so that nothing in the repository looks like a live one.
import { UPPER } from '../random.mjs'

/** @typedef {import('../random.mjs').Random} Random */

const BASE32 = `${UPPER}234567`

/** By issuer: the key's maker. @type {Record<string, (r: Random) => string>} */
// biome-ignore format: a table
export const keys = {
  openai: r => `sk-${r.alnum(20)}T3BlbkFJ${r.alnum(20)}`,
  openai_project: r => `sk-${r.pick(['proj', 'svcacct', 'admin'])}-${r.base64url(r.pick([48, 74]))}T3BlbkFJ${r.base64url(r.pick([48, 74]))}`,
  anthropic: r => `sk-ant-${r.pick(['api03', 'admin01', 'sid01'])}-${r.base64url(93)}AA`,
  google: r => `AIza${r.base64url(35)}`,
  google_oauth: r => `GOCSPX-${r.base64url(28)}`,
  google_access: r => `ya29.a0${r.base64url(120)}`,
  aws: r => `${r.pick(['AKIA', 'ASIA'])}${r.chars(16, BASE32)}`,
  github: r => `${r.pick(['ghp', 'gho', 'ghu', 'ghs', 'ghr'])}_${r.alnum(36)}`,
  github_fine: r => `github_pat_${r.alnum(22)}_${r.alnum(59)}`,
  gitlab: r => `glpat-${r.base64url(20)}`,
  gitlab_other: r => `${r.pick(['gldt', 'glrt', 'glcbt', 'glptt', 'glft'])}-${r.base64url(20)}`,
  slack_bot: r => `xoxb-${r.number(12)}-${r.number(13)}-${r.alnum(24)}`,
  slack_user: r => `xoxp-${r.number(12)}-${r.number(12)}-${r.number(13)}-${r.hex(32)}`,
  slack_app: r => `xapp-1-A${r.chars(10, `${UPPER}0123456789`)}-${r.number(13)}-${r.hex(64)}`,
  slack_hook: r => `https://hooks.slack.com/services/T${r.chars(10, `${UPPER}0123456789`)}/B${r.chars(10, `${UPPER}0123456789`)}/${r.alnum(24)}`,
  discord_hook: r => `https://discord.com/api/webhooks/${r.number(19)}/${r.base64url(68)}`,
  discord_bot: r => `M${r.alnum(25)}.G${r.base64url(5)}.${r.base64url(38)}`,
  telegram: r => `${r.number(10)}:AA${r.base64url(33)}`,
  stripe: r => `${r.pick(['sk', 'rk'])}_${r.pick(['live', 'test'])}_51${r.alnum(97)}`,
  stripe_short: r => `sk_live_${r.alnum(24)}`,
  stripe_hook: r => `whsec_${r.alnum(32)}`,
  sendgrid: r => `SG.${r.base64url(22)}.${r.base64url(43)}`,
  mailgun: r => `key-${r.hex(32)}`,
  mailchimp: r => `${r.hex(32)}-us${r.int(1, 21)}`,
  brevo: r => `xkeysib-${r.hex(64)}-${r.alnum(16)}`,
  resend: r => `re_${r.alnum(8)}_${r.alnum(24)}`,
  twilio: r => `SK${r.hex(32)}`,
  npm: r => `npm_${r.alnum(36)}`,
  pypi: r => `pypi-AgEIcHlwaS5vcmc${r.base64url(150)}`,
  rubygems: r => `rubygems_${r.hex(48)}`,
  docker: r => `dckr_pat_${r.base64url(27)}`,
  hugging_face: r => `hf_${r.alnum(34)}`,
  groq: r => `gsk_${r.alnum(52)}`,
  xai: r => `xai-${r.alnum(80)}`,
  perplexity: r => `pplx-${r.alnum(48)}`,
  replicate: r => `r8_${r.alnum(37)}`,
  openrouter: r => `sk-or-v1-${r.hex(64)}`,
  deepseek: r => `sk-${r.hex(32)}`,
  fireworks: r => `fw_${r.alnum(22)}`,
  langfuse: r => `sk-lf-${r.uuid()}`,
  langsmith: r => `lsv2_${r.pick(['pt', 'sk'])}_${r.hex(32)}_${r.hex(10)}`,
  pinecone: r => `pcsk_${r.alnum(6)}_${r.alnum(60)}`,
  tavily: r => `tvly-${r.pick(['', 'dev-'])}${r.alnum(32)}`,
  databricks: r => `dapi${r.hex(32)}`,
  vault: r => `hvs.${r.base64url(95)}`,
  terraform: r => `${r.alnum(14)}.atlasv1.${r.base64url(67)}`,
  doppler: r => `dp.${r.pick(['pt', 'st.prd', 'ct'])}.${r.alnum(43)}`,
  digitalocean: r => `do${r.pick(['p', 'o', 'r'])}_v1_${r.hex(64)}`,
  fly: r => `FlyV1 fm2_${r.chars(120, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/')}`,
  heroku: r => `HRKU-AA${r.base64url(58)}`,
  linear: r => `lin_api_${r.alnum(40)}`,
  notion: r => `ntn_${r.number(11)}${r.alnum(35)}`,
  notion_old: r => `secret_${r.alnum(43)}`,
  figma: r => `figd_${r.base64url(40)}`,
  airtable: r => `pat${r.alnum(14)}.${r.hex(64)}`,
  asana: r => `2/${r.number(16)}/${r.number(16)}:${r.hex(32)}`,
  atlassian: r => `ATATT3xFfGF0${r.base64url(171)}=${r.hex(8).toUpperCase()}`,
  shopify: r => `shp${r.pick(['at', 'ca', 'pa', 'ss'])}_${r.hex(32)}`,
  square: r => `EAAA${r.base64url(60)}`,
  square_secret: r => `sq0csp-${r.base64url(43)}`,
  grafana: r => `glsa_${r.alnum(32)}_${r.hex(8)}`,
  grafana_cloud: r => `glc_eyJ${r.alnum(90)}`,
  newrelic: r => `NRAK-${r.chars(27, `${UPPER}0123456789`)}`,
  sentry_org: r => `sntrys_eyJ${r.alnum(80)}_${r.base64url(43)}`,
  sentry_user: r => `sntryu_${r.hex(64)}`,
  dynatrace: r => `dt0c01.${r.chars(24, BASE32)}.${r.chars(64, BASE32)}`,
  postman: r => `PMAK-${r.hex(24)}-${r.hex(34)}`,
  planetscale: r => `pscale_tkn_${r.base64url(43)}`,
  supabase: r => `sbp_${r.hex(40)}`,
  supabase_secret: r => `sb_secret_${r.base64url(22)}_${r.alnum(8)}`,
  neon: r => `napi_${r.chars(64, 'abcdefghijklmnopqrstuvwxyz0123456789')}`,
  flutterwave: r => `FLWSECK-${r.hex(32)}-X`,
  razorpay: r => `rzp_live_${r.alnum(14)}`,
  facebook: r => `EAA${r.alnum(160)}`,
  contentful: r => `CFPAT-${r.base64url(43)}`,
  hubspot: r => `pat-${r.pick(['na1', 'eu1'])}-${r.uuid()}`,
  onepassword: r => `ops_eyJ${r.alnum(250)}`,
  pulumi: r => `pul-${r.hex(40)}`,
  prefect: r => `pnu_${r.alnum(36)}`,
  readme: r => `rdme_${r.chars(70, 'abcdefghijklmnopqrstuvwxyz0123456789')}`,
  snyk: r => `snyk_uat.${r.hex(8)}.eyJ${r.base64url(60)}.${r.base64url(43)}`,
  clojars: r => `CLOJARS_${r.chars(60, 'abcdefghijklmnopqrstuvwxyz0123456789')}`,
  age: r => `AGE-SECRET-KEY-1${r.chars(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}`,
  artifactory: r => `AKCp${r.alnum(69)}`,
  jwt,
  pem,
}

/** @param {object} part */
const encoded = part => Buffer.from(JSON.stringify(part)).toString('base64url')
/** RFC 7519, compact form. @param {Random} r */
// biome-ignore format: a table
function jwt(r) {
  const header = r.pick([{ alg: 'HS256', typ: 'JWT' }, { alg: 'RS256', kid: r.hex(16), typ: 'JWT' }, { typ: 'JWT', alg: 'ES256' }])
  const claims = { sub: r.digits(10), iat: 1700000000 + r.int(0, 9999999), scope: r.pick(['read', 'a b c']) }
  return `${encoded(header)}.${encoded(claims)}.${r.base64url(header.alg === 'RS256' ? 342 : 43)}`
}

/** RFC 7468 and its relatives. @param {Random} r */
function pem(r) {
  const label = r.pick([
    'RSA PRIVATE KEY',
    'PRIVATE KEY',
    'EC PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
  ])
  const lines = Array.from({ length: r.int(3, 14) }, () =>
    r.chars(64, `${UPPER}abcdefghijklmnopqrstuvwxyz0123456789+/`),
  )
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n${r.alnum(30)}==\n-----END ${label}-----`
}
