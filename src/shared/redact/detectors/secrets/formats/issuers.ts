/**
 * Prefixes by which issuers mark their keys and tokens: a table, read by `prefixed.ts`. Behind a `✓` stands what was read
 * on the issuer's own page or in its own source (2026-11), with the prefixes in brackets where it was not the whole row.
 * Those without are only seen in examples and not checked; where no length is published, it is that of such keys, less a
 * few.
 */

import { COMMON_ISSUERS, type IssuerRow } from './common-issuers'

/** Beside those of `common-issuers.ts`. */
export const ISSUERS: readonly IssuerRow[] = [
  ...COMMON_ISSUERS,
  // models
  ['t', 28, 'pk-lf- pk-helicone-'], // Langfuse, Helicone
  ['w', 60, 'xai-'], // xAI
  ['t', 40, 'nvapi- pa- tgp_v1_ pcsk_'], // NVIDIA, Voyage, Together, Pinecone
  ['t', 24, 'tvly- csk- llx- fc- esecret_'], // Tavily, Cerebras, LlamaIndex, Firecrawl, Anyscale
  ['w', 20, 'fw_ rpa_'], // Fireworks, RunPod
  ['w', 30, 'lsv2_ ls__ jina_ wandb_v1_'], // LangSmith, Jina, Weights & Biases
  ['h', 48, 'sk_'], // ElevenLabs
  ['t', 22, 'ak- as-'], // Modal
  ['t', 24, 'sk-helicone-'], // Helicone, in groups of seven
  ['w', 40, 'sk_'], // Novita
  ['t', 36, 'm0-'], // Mem0
  // clouds
  ['b', 100, 'IQoJb3JpZ2luX2'], // AWS: session tokens
  ['A', 50, 'GOOG1E'], // Google Cloud Storage: HMAC keys of service accounts
  ['b', 80, 'ABSK'], // AWS Bedrock
  ['t', 30, 'bedrock-api-key- amzn.mws.'], // AWS, Amazon
  ['h', 60, 'dop_v1_ doo_v1_ dor_v1_'], // DigitalOcean
  ['u', 36, 'HRKU-'], // Heroku, before 2024
  ['t', 56, 'HRKU-AA'],
  ['t', 40, 'fo1_'], // Fly, of an organisation
  ['h', 60, 's-s4t2ud- s-s4t2af-'], // 42 Intra
  ['b', 60, 'fm1r_ fm1a_ fm2_'], // ✓ Fly (fm2_, in the source of its macaroons)
  ['w', 20, 'vcp_ vci_ vca_ vcr_ vck_'], // Vercel
  ['w', 36, 'nfp_ nfc_ nfo_ nfb_'], // Netlify
  ['t', 100, 'v1.0-'], // Cloudflare Origin CA
  ['w', 40, 'cfut_ cfat_ cfk_'], // ✓ Cloudflare: 40 characters and a checksum
  ['w', 16, 'LTAI'], // Alibaba
  ['w', 32, 'AKID'], // Tencent
  ['t', 30, 'AQVN'], // Yandex
  ['t', 16, 'tskey-'], // ✓ Tailscale: the kind, an id, the key
  ['A', 50, 'AGE-SECRET-KEY-1'], // age
  // code and delivery
  ['w', 32, 'secret-live- secret-test-'], // Stytch
  ['h', 40, 'v1.'], // GitHub, installations before 2021
  ['.', 20, 'gloas- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- glsoat- glffct- glwt-'], // ✓ GitLab, also routable ones, in parts
  ['t', 20, 'GR1348941'], // GitLab runner registration
  ['b', 50, 'ATATT3 ATCTT3'], // Atlassian
  ['w', 28, 'ATBB'], // Bitbucket
  ['w', 36, 'sqp_ squ_ sqa_ sgp_ slk_'], // SonarQube, Sourcegraph
  ['t', 50, 'pypi-'], // PyPI
  ['w', 40, 'rubygems_ CLOJARS_ AKCp bkua_ bkat_ pul- CCIPAT_ CCIPRJ_'], // RubyGems, Clojars, Artifactory, Buildkite, Pulumi, CircleCI
  ['w', 43, 'oy2'], // NuGet
  ['t', 20, 'dckr_pat_ dckr_oat_'], // Docker
  ['b', 40, 'sntrys_'], // ✓ Sentry, organisation: two parts, the second of 43
  ['h', 64, 'sntryu_'], // ✓ Sentry, user
  ['.', 40, 'snyk_uat. snyk_sat.'], // ✓ Snyk, in the source of its command line: two parts after an id
  ['.', 24, 'hvs. hvb. hvr.'], // ✓ Vault, in its source
  ['.', 36, 'dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.'], // Doppler
  ['b', 100, 'ops_eyJ'], // 1Password
  ['t', 32, 'ico- pnu_ pnb_'], // Infracost, Prefect
  ['t', 50, 'PMAK-'], // Postman
  ['w', 16, 'tr_prod_ tr_dev_ tr_stg_'], // Trigger.dev
  ['h', 60, 'signkey-prod- signkey-test- signkey-branch- key_'], // Inngest, Cursor
  ['h', 40, 'e2b_'], // E2B
  ['w', 28, 'rnd_'], // Render
  ['w', 32, 'cio'], // crates.io
  // messages
  ['t', 20, 'xoxo- xoxe.xoxp- xoxe.xoxb-'], // Slack, beside the common ones
  ['h', 32, 'SK AC key-'], // Twilio key and account, Mailgun
  ['t', 40, 'sha256~'], // OpenShift
  ['t', 64, 'xkeysib- xsmtpsib-'], // Brevo
  ['w', 20, 're_'], // Resend
  ['t', 60, 'EAA'], // Meta, Square
  // payment and commerce
  ['t', 22, 'sq0atp- sq0csp- sq0idp-'], // Square
  ['t', 40, 'A21AA'], // PayPal
  ['w', 32, 'shpat_ shpss_ shpca_ shppa_'], // ✓ Shopify: 38 characters with the prefix
  ['w', 14, 'rzp_live_ rzp_test_'], // Razorpay
  ['t', 30, 'FLWSECK_TEST- FLWSECK- FLWPUBK_TEST-'], // Flutterwave
  ['u', 36, 'access-sandbox- access-production- access-development-'], // Plaid
  ['w', 36, 'shippo_live_ shippo_test_ EZAK EZTK'], // Shippo, EasyPost
  ['t', 40, 'duffel_live_ duffel_test_'], // Duffel
  // data and observability
  ['t', 32, 'dapi'], // Databricks
  ['t', 32, 'pscale_tkn_ pscale_pw_ pscale_oauth_'], // PlanetScale
  ['t', 20, 'sbp_ sb_secret_ sb_publishable_ mdb_sa_sk_ napi_'], // ✓ Supabase (sb_), MongoDB Atlas, Neon
  ['w', 40, 'ntn_ secret_ lin_api_ lin_oauth_ aio_'], // Notion, Linear, Adafruit
  ['t', 40, 'figd_ figu_ figo_ CFPAT- fio-u-'], // Figma, Contentful, Frame.io
  ['.', 40, 'tfp_ rdme_'], // Typeform, ReadMe
  ['b', 32, 'glsa_ glc_'], // Grafana
  ['A', 27, 'NRAK-'], // New Relic
  ['t', 19, 'NRII- NRJS- NRRA- NRSP-'],
  ['.', 60, 'dt0c01. dt0s01. dt0s02. dt0s03. dt0s06. dt0s08. dt0s16.'], // ✓ Dynatrace: an id of 24 characters and 64 that are secret
  ['.', 40, 'pk.eyJ sk.eyJ tk.eyJ'], // Mapbox
  ['t', 30, 'phx_ phc_ hcaik_ hcamk_ xaat- xapt-'], // PostHog, ✓ Honeycomb (hc?ik_, hc?mk_), Axiom
  ['u', 36, 'sdk- api- mob- pat-na1- pat-na2- pat-eu1- pat-ap1-'], // LaunchDarkly, HubSpot
  ['t', 100, 'sl.'], // Dropbox
] // biome-ignore format: a table
