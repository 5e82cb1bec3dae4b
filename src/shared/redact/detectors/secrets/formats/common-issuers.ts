/**
 * The prefixes that are met most often: rows for `issuers.ts`, in a file of their own since the browser's core (`core.ts`)
 * has room for these only.
 */

/** The alphabets that stand after a prefix, as classes of a regular expression. */
export const ALPHABETS = {
  /** base64url */
  t: '\\w-',
  /** base64url in parts with full stops between */
  '.': '\\w-',
  w: '\\w',
  /** hexadecimal */
  h: '\\da-fA-F',
  /** capitals and digits */
  A: '\\dA-Z',
  /** both alphabets of base64 with padding */
  b: '\\w+/=-',
  /** a UUID */
  u: '\\da-fA-F-',
}

export type Form = keyof typeof ALPHABETS

/** True where a key has the fewest characters and no more: two to four letters right before it begin any dump. */
export function isExact(prefix: string, form: Form): boolean {
  return (form === 'h' || form === 'A') && prefix.length <= 4 && !/[-_.]$/.test(prefix)
}

/** True where the key is the whole word: hexadecimal digits or capitals that go on with others are something else. */
export function isWhole(form: Form): boolean {
  return form === 'h' || form === 'A' || form === 'u'
}

/** [alphabet, fewest characters after the prefix, prefixes] */
export type IssuerRow = readonly [Form, number, string]

export const COMMON_ISSUERS: readonly IssuerRow[] = [
  ['t', 16, 'sk- sess-'], // OpenAI (sk-proj-, sk-svcacct-), Anthropic (sk-ant-), Langfuse (sk-lf-), OpenRouter (sk-or-), DeepSeek
  ['w', 40, 'gsk_ pplx-'], // Groq, Perplexity
  ['w', 30, 'hf_ api_org_ r8_'], // Hugging Face, Replicate
  ['A', 16, 'AKIA ASIA ABIA ACCA'], // ✓ AWS: IAM, STS, service bearer, context-specific
  ['t', 30, 'AIza AQ.Ab'], // Google
  ['.', 20, 'ya29. GOCSPX-'], // Google OAuth: access, client secret
  ['w', 30, 'ghp_ gho_ ghu_ ghr_ github_pat_'], // ✓ GitHub (not github_pat_): up to 255 characters
  ['.', 30, 'ghs_'], // GitHub: 36 characters, or an id and a JWT
  ['.', 20, 'glpat-'], // ✓ GitLab
  ['w', 36, 'npm_'], // npm
  ['t', 20, 'xoxb- xoxp- xoxa- xoxr- xoxs- xoxc- xoxd- xoxe- xapp-'], // ✓ Slack (xoxb-, xoxp- in the reference of its SDK)
  ['.', 40, 'SG.'], // SendGrid
  ['w', 16, 'sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ pk_live_ pk_test_ whsec_'], // ✓ Stripe (sk_live_, sk_test_), Clerk, Svix
] // biome-ignore format: a table
