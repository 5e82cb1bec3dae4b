// Keys of vendors, made here after the published prefix, alphabet and length of each: all of a key goes, nothing else.
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { pick, type Random, seeded, wrappers } from './redact-corpus'

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const ALPHABETS: Record<string, string> = {
  a: LOWER + LOWER.toUpperCase(), // letters
  n: `0123456789${LOWER}${LOWER.toUpperCase()}`,
  u: `0123456789${LOWER}${LOWER.toUpperCase()}_-`, // base64url
  b: `0123456789${LOWER}${LOWER.toUpperCase()}+/`, // base64
  h: '0123456789abcdef',
  A: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  l: `0123456789${LOWER}`,
  d: '0123456789',
}

/** `{n36}` stands for 36 random characters of an alphabet. */
const made = (random: Random, shape: string) =>
  shape.replace(/\{(\w)(\d+)\}/g, (_, alphabet: string, count: string) => {
    const letters = [...ALPHABETS[alphabet]!]
    // base64url begins and ends with a letter here: at the end of a line of prose a - is the prose's
    const chars = Array.from({ length: Number(count) }, () => pick(random, letters))
    return chars.join('').replace(/^[-_+/]|[-_+/]$/g, 'x')
  })

const UUID = '{h8}-{h4}-{h4}-{h4}-{h12}'

const KEYS: Record<string, string[]> = {
  OpenAI: ['sk-{n48}', 'sk-proj-{u124}', 'sk-svcacct-{u60}', 'sk-admin-{u60}', 'sk-{n20}T3BlbkFJ{n20}'],
  Anthropic: ['sk-ant-api03-{u93}AA', 'sk-ant-admin01-{u93}AA', 'sk-ant-oat01-{u93}AA'],
  Google: ['AIza{u35}', 'ya29.{u120}', 'GOCSPX-{u28}', 'AQ.Ab8RN6{u44}'],
  xAI: ['xai-{n80}'],
  Groq: ['gsk_{n52}'],
  Perplexity: ['pplx-{n48}'],
  'Hugging Face': ['hf_{a34}', 'api_org_{a34}'],
  Replicate: ['r8_{n37}'],
  NVIDIA: ['nvapi-{u64}'],
  OpenRouter: ['sk-or-v1-{h64}'],
  DeepSeek: ['sk-{h32}'],
  Together: ['tgp_v1_{u43}'],
  Fireworks: ['fw_{n24}'],
  Cerebras: ['csk-{l48}'],
  Pinecone: ['pcsk_{n6}_{n63}'],
  Voyage: ['pa-{u43}'],
  Jina: ['jina_{n32}{n28}'],
  LangSmith: ['lsv2_pt_{h32}_{h10}', 'lsv2_sk_{h32}_{h10}', 'ls__{h32}'],
  Langfuse: [`sk-lf-${UUID}`, `pk-lf-${UUID}`],
  ElevenLabs: ['sk_{h48}'],
  Tavily: ['tvly-{n32}', 'tvly-dev-{n32}'],
  'Weights & Biases': ['wandb_v1_{n60}'],
  LlamaIndex: ['llx-{n48}'],
  AWS: ['AKIA{A16}', 'ASIA{A16}', 'ABIA{A16}', 'ACCA{A16}', 'ABSK{b130}=='],
  Azure: ['{n3}8Q~{u34}', '{b76}+ASt{n6}=='],
  DigitalOcean: ['dop_v1_{h64}', 'doo_v1_{h64}', 'dor_v1_{h64}'],
  Heroku: [`HRKU-${UUID}`, 'HRKU-AA{u58}'],
  Fly: ['fm2_{b180}==', 'fo1_{n80}'],
  Vercel: ['vcp_{n56}'],
  Netlify: ['nfp_{n36}'],
  Cloudflare: ['v1.0-{h24}-{h146}', 'cfut_{n48}'],
  Alibaba: ['LTAI{n20}'],
  Tencent: ['AKID{n32}'],
  Tailscale: ['tskey-auth-{n12}CNTRL-{n32}', 'tskey-api-{n12}CNTRL-{n32}'],
  GitHub: ['ghp_{n36}', 'gho_{n36}', 'ghu_{n36}', 'ghs_{n36}', 'ghr_{n76}', 'github_pat_{n22}_{n59}', 'v1.{h40}'],
  GitLab: ['glpat-{u20}', 'glpat-{n27}.01.{l9}', 'gldt-{u20}', 'glrt-{u20}', 'glcbt-64_{u20}', 'glptt-{h40}', 'glagent-{u50}', 'GR1348941{u20}'],
  Atlassian: ['ATATT3xFfGF0{u170}={A8}', 'ATCTT3xFfGN0{u170}={A8}', 'ATBB{n32}'],
  npm: ['npm_{n36}'],
  PyPI: ['pypi-AgEIcHlwaS5vcmc{u150}'],
  RubyGems: ['rubygems_{h48}'],
  NuGet: ['oy2{l43}'],
  Docker: ['dckr_pat_{u27}', 'dckr_oat_{u32}'],
  Artifactory: ['AKCp{n69}'],
  Sentry: ['sntryu_{h64}', 'sntrys_eyJ{n80}=_{b43}'],
  CircleCI: ['CCIPAT_{n22}_{h40}'],
  Buildkite: ['bkua_{h40}'],
  Terraform: ['{n14}.atlasv1.{u67}'],
  Pulumi: ['pul-{h40}'],
  Vault: ['hvs.{u90}', 'hvb.{u140}'],
  Doppler: ['dp.pt.{n43}', 'dp.st.prd.{n43}'],
  '1Password': ['ops_eyJ{n250}='],
  Postman: ['PMAK-{h24}-{h34}'],
  SonarQube: ['sqp_{h40}', 'squ_{h40}'],
  Slack: ['xoxb-{d12}-{d12}-{n24}', 'xoxp-{d12}-{d12}-{d12}-{h32}', 'xapp-1-A{n10}-{d13}-{h64}', 'xoxe.xoxp-1-{n160}'],
  Discord: ['M{n23}.{u6}.{u27}', 'N{n25}.{u6}.{u38}'],
  Telegram: ['{d9}1:AA{u33}'],
  Twilio: ['SK{h32}', 'AC{h32}'],
  SendGrid: ['SG.{u22}.{u43}'],
  Mailgun: ['key-{h32}', '{h32}-{h8}-{h8}'],
  Mailchimp: ['{h32}-us14'],
  Brevo: ['xkeysib-{h64}-{n16}'],
  Resend: ['re_{n8}_{n24}'],
  Stripe: ['sk_live_{n24}', 'sk_test_{n99}', 'rk_live_{n24}', 'whsec_{n32}'],
  Square: ['sq0atp-{u22}', 'sq0csp-{u43}', 'EAAA{u60}'],
  Braintree: ['access_token$production$' + '{l16}$' + '{h32}'],
  Shopify: ['shpat_{h32}', 'shpss_{h32}', 'shpca_{h32}', 'shppa_{h32}'],
  Razorpay: ['rzp_live_{n14}'],
  Plaid: [`access-production-${UUID}`],
  Databricks: ['dapi{h32}', 'dapi{h32}-2'],
  PlanetScale: ['pscale_tkn_{u43}', 'pscale_pw_{u43}'],
  Supabase: ['sbp_{h40}', 'sb_secret_{u22}_{n8}'],
  Airtable: ['pat{n14}.{h64}'],
  Notion: ['ntn_{n46}', 'secret_{n43}'],
  Linear: ['lin_api_{n40}'],
  Figma: ['figd_{u40}'],
  Grafana: ['glsa_{n32}_{h8}', 'glc_eyJ{n80}=='],
  'New Relic': ['NRAK-{A27}', 'NRII-{u32}', '{h36}NRAL'],
  Dynatrace: ['dt0c01.{A24}.{A64}'],
  Mapbox: ['sk.eyJ{n80}.{u22}', 'pk.eyJ{n80}.{u22}'],
  HubSpot: [`pat-na1-${UUID}`],
  PostHog: ['phx_{n43}'],
  Dropbox: ['sl.{u130}'],
} // biome-ignore format: a table

const plain = ['plain', 'sentence', 'brackets', 'japanese', 'lines', 'json', 'twice', 'thrice', 'log'] as const

describe(`keys of ${Object.keys(KEYS).length} vendors`, () => {
  it.each(Object.entries(KEYS))('%s', (vendor, shapes) => {
    const random = seeded(vendor.length)
    for (const shape of shapes) {
      for (let round = 0; round < 40; round++) {
        const key = made(random, shape)
        const wrap = wrappers[plain[round % plain.length]!]!
        expect(redact(wrap(key)), key).toBe(wrap('[SECRET]'))
      }
    }
  })
})
