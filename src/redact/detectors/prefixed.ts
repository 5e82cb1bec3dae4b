/**
 * Keys and tokens that their issuer marks with a prefix. Prefixes, alphabets and lengths are what the issuers publish.
 * Called by the scanner at one rare character of each prefix.
 */
import { codeAt, DIGIT, is, runEnd, startsToken, TOKEN, WORD } from '../chars'
import type { Detector } from '../scan'

interface Issuer {
  readonly prefix: string
  /** the character of the prefix at which it is looked for */
  readonly anchor: number
  /** fewest characters after the prefix */
  readonly least: number
  /** characters after the prefix: TOKEN with `-`, WORD without */
  readonly alphabet: number
  /** `.` also belongs to the key */
  readonly dots: boolean
}

/** [prefix, fewest characters after it, `w` when they hold no `-`, `.` when they hold full stops] */
const PUBLISHED: readonly (readonly [string, number, ('w' | '.')?])[] = [
  ['sk-', 16], // OpenAI (sk-proj-, sk-svcacct-), Anthropic (sk-ant-), Langfuse (sk-lf-), OpenRouter (sk-or-), DeepSeek
  ['pk-lf-', 32], // Langfuse
  ['xai-', 60, 'w'],
  ['gsk_', 40, 'w'], // Groq
  ['hf_', 30, 'w'], // Hugging Face
  ['r8_', 30, 'w'], // Replicate
  ['pplx-', 40, 'w'], // Perplexity
  ['nvapi-', 40], // NVIDIA
  ['tvly-', 24], // Tavily
  ['fw_', 20, 'w'], // Fireworks
  ['lsv2_', 40, 'w'], // LangSmith
  ['AIza', 35], // Google
  ['ya29.', 20, '.'], // Google OAuth
  ['GOCSPX-', 24], // Google OAuth client
  ['AKIA', 16, 'w'], // AWS
  ['ASIA', 16, 'w'], // AWS, temporary
  ['ghp_', 30, 'w'], // GitHub
  ['gho_', 30, 'w'],
  ['ghu_', 30, 'w'],
  ['ghs_', 30, '.'],
  ['ghr_', 30, 'w'],
  ['github_pat_', 40, 'w'],
  ['glpat-', 20], // GitLab
  ['xoxb-', 20], // Slack
  ['xoxp-', 20],
  ['xoxa-', 20],
  ['xoxr-', 20],
  ['xoxs-', 20],
  ['xapp-', 30],
  ['npm_', 36, 'w'],
  ['pypi-', 50],
  ['SG.', 40, '.'], // SendGrid
  ['sk_live_', 16, 'w'], // Stripe
  ['sk_test_', 16, 'w'],
  ['rk_live_', 16, 'w'],
  ['whsec_', 24, 'w'],
  ['dop_v1_', 60, 'w'], // DigitalOcean
  ['shpat_', 32, 'w'], // Shopify
  ['hvs.', 24], // Vault
]

/** Where a prefix is looked for: at its first joint, or at its first letter, which is a capital then. */
function anchorOf(prefix: string): number {
  return Math.max(0, prefix.search(/[-_.]/))
}

const issuers: readonly Issuer[] = PUBLISHED.map(([prefix, least, form]) => ({
  prefix,
  anchor: anchorOf(prefix),
  least,
  alphabet: form === 'w' ? WORD : TOKEN,
  dots: form === '.',
}))

/** Issuers by the anchor and its neighbour in the prefix: one look-up tells that a hyphen belongs to none. */
const byPair: Issuer[][] = [[]]
const pairs = new Uint8Array(128 * 128)
for (const issuer of issuers) {
  const pair = pairAt(issuer.prefix, issuer.anchor)
  if (pairs[pair] === 0) pairs[pair] = byPair.push([]) - 1
  byPair[pairs[pair]!]!.push(issuer)
}

/** The anchor is a joint after its neighbour, or an A before it. 0, which is no pair, for a character beyond ASCII. */
function pairAt(text: string, at: number): number {
  const code = codeAt(text, at)
  const neighbour = codeAt(text, code === 65 ? at + 1 : at - 1)
  return neighbour < 128 ? code * 128 + neighbour : 0
}

export const prefixed: Detector = {
  names: ['provider key'],
  finds: 'secret',
  anchors: [...new Set(issuers.map(({ prefix, anchor }) => prefix[anchor]!))].join(''),
  at(text, at, hits) {
    const pair = pairs[pairAt(text, at)]!
    if (pair === 0) return at
    for (const { prefix, anchor, least, alphabet, dots } of byPair[pair]!) {
      const start = at - anchor
      if (codeAt(text, start) !== codeAt(prefix, 0)) continue
      if (!text.startsWith(prefix, start) || !startsToken(text, start)) continue
      const body = start + prefix.length
      let end = runEnd(text, body, alphabet, text.length)
      while (dots && codeAt(text, end) === 46 && is(codeAt(text, end + 1), TOKEN)) {
        end = runEnd(text, end + 1, TOKEN, text.length)
      }
      // a key that was cut off is still most of a key
      const enough = end === text.length ? Math.min(least, 12) : least
      if (end - body >= enough && hasDigit(text, body, end)) hits.add(start, end, 'SECRET')
      return end
    }
    return at
  },
}

/** Names have the same prefixes (`sk-learn-contrib-extras`); what a machine makes has digits. */
function hasDigit(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (is(codeAt(text, at), DIGIT)) return true
  return false
}
