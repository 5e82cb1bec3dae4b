/** Whether the value after a secret's key is a secret, or only stands for one. */

import { startsWithMask } from '../../mask'
import { spend } from '../../scan/work'

/** Variables, templates, asterisks, types and words that stand for a secret. */
const PLACEHOLDER = new RegExp(
  `^(?:${[
    String.raw`[*•…#_-]+|\.{3,}|x{3,}`,
    String.raw`\$[A-Za-z_]+|\$\d+|\$\(.*|#\{.*|\{\w*\}`,
    String.raw`<[^>]*>?|&#x?[\da-f]{1,4};?|%s|%\(\w+\)s|%[A-Za-z_]+%|\?|:[a-z_]+|@[a-z_]+|@p\d+`,
    String.raw`(?:process\.env|import\.meta\.env|os\.environ|os\.getenv|env|config|secrets|settings|vault|self|this)[.([].*`,
    'your[-_ ].*|example|placeholder|redacted|masked|hidden|filtered|removed|password|secret|token|authorization|cookie',
    'null|none|nil|undefined|true|false|yes|no|string|str|text|number|integer|int|bool|boolean|object|array|any|bytes',
    '(?:access|refresh|id|auth|bearer|api|client)[-_ ]?(?:token|key|secret)|bearer|basic',
    'required|optional|default|unknown|empty|disabled|enabled|latest|same-origin|include|omit|pass|passed|fail|failed',
    String.raw`\.{0,2}(?:\/[\w.-]+)+\/?|sha\d{3}-.+`,
    String.raw`[~^v<>= ]{0,3}\d+(?:\.\d+){1,3}(?:-[\w.]{1,20})?`,
  ].join('|')})$`,
  'is',
)
/** Of a template with brackets in pairs, closed or cut off: `m{{h}o)p${e]x` is none. */
const INSIDE = String.raw`(?:[^{}()[\]]|\([^()]{0,60}\)|\[[^\][]{0,40}\])*`
const TEMPLATE = new RegExp(`\\$\\{${INSIDE}(?:\\}|$)|\\{\\{${INSIDE}(?:\\}\\}|\\}?$)`, 's')
const LONGEST_PLACEHOLDER = 120
/** The name of a constant or of a variable of the environment. */
const CONSTANT = /^[A-Z]+(?:_[A-Z]+)+\)*$/

/** Some expressions read the whole value, which nobody settles when it is none. */
function judge({ length }: string): void {
  spend(1 + (length >> 2))
}

/** True for `${VAR}`, `process.env.X`, `****`, `<your key>`, `string`, `?`, `/run/secrets/db` and the like. */
export function isPlaceholder(value: string): boolean {
  judge(value)
  return (
    value === '' ||
    startsWithMask(value) ||
    (value.length <= LONGEST_PLACEHOLDER && (PLACEHOLDER.test(value) || CONSTANT.test(value) || TEMPLATE.test(value)))
  )
}

/** A label (`"forgotPassword": "Forgot your password?"`): words, one of them about secrets. */
export function isLabel(value: string): boolean {
  if (VARIABLE.test(value)) return true
  return /^[A-Za-z'’ .,:?!]+$/.test(value) && value.includes(' ') && /password|secret|token|key|cookie/i.test(value)
}

/** A pattern or an alphabet: `[a-z0-9]{3,}`, `abcdefghij…` */
const PATTERN = /\[[^\]]{0,40}[a-z\d]-[a-z\d]|abcdefgh|\(\?[:!=<]|\\[dws]/i

/** True for what a machine made: eight characters or more, no space, letters and digits mixed (or very long, also of digits). */
export function looksRandom(value: string): boolean {
  judge(value)
  if (value.length < 8 || /\s/.test(value) || PATTERN.test(value)) return false
  return /\d/.test(value) ? /[A-Za-z]|^\d{15,}$/.test(value) : /^[A-Za-z+/=]{32,}$/.test(value)
}

/** What sentences about secrets have in the place of one. */
const ALGORITHM = /^(?:base-?\d|sha-?\d|md5|utf-?\d|oauth|argon2|aes-?\d|[rhe]s\d{3}$|ed25519|x509|v\d)/i

/** True for what is a secret by itself, where words could stand as well: letters with digits or signs. */
export function isStrong(value: string): boolean {
  judge(value)
  if (value.length < 6 || !/[A-Za-z]/.test(value) || ALGORITHM.test(value) || /^[/.([<]|:\/\/|[a-z]\(/.test(value))
    return false
  return /\d|[!#$%^&*]./.test(value) || /[@!]$/.test(value) || isJumble(value)
}

/** A bracket, a call, a chain of names, a reference or a pattern: `{`, `getSecret(`, `req.body.password`, `auth[1`, `hashlib.sha256(x`, `&str`, `/a|b/`. */
const CODE =
  /^[[{(]|^&?[A-Z]\w*\{|^&(?:'[a-z]+|[A-Za-z_]+|\[.*)$|^\$\w{1,40}-$|^[A-Za-z_$][\w$.]*\[[\w+-]*$|^!*[A-Za-z_$][A-Za-z_$?]*[.[(][A-Za-z_$?.[\]()]*$|^[A-Za-z_$][\w$.]*\.[\w$]+\(|^[A-Za-z_$]+\(|^[a-z]+[A-Z]\w*\(|^\/.*[{(|]/
const WORD_OF_SECRET = /pass|secret|token|key|cred|auth/i
/** `testRSA2048PrivateKey`, `openssl.hpke.PrivateKey` */
const VARIABLE =
  /^[a-z]{1,24}[A-Z][A-Za-z\d]{0,40}(?:Password|Secret|Token|Key)$|^[A-Za-z_$][\w$]*(?:\[\d\])?\.[\w$.]{0,80}(?:[Cc]onnection_?[Ss]tring|[Pp]ass(?:word)?|[Ss]ecret|[Tt]oken|[Kk]ey|[Cc]redentials?|[Aa]uth)$/
const WORDS = '(?:[A-Z]{1,5}(?=[a-z]*[aeiouy])[a-z]{1,20})'
/** `Uint8Array`, `OAuth2Client`, `BinaryLike`: words with a vowel in each. */
const TYPE = new RegExp(`^${WORDS}{1,8}(?:\\d{1,2}${WORDS}{1,4})?[A-Z]{0,4}$|^[A-Z]{1,12}$`)
/** A name in camel case, or a word. */
const CAMEL = new RegExp(`^[a-z]{0,40}${WORDS}{0,8}[A-Z]{0,4}$`)

/** True for `AdnKllTjdntA`, whose capitals begin no words. */
function isJumble(value: string): boolean {
  return (
    value.length >= 10 &&
    /^[A-Za-z+/=_.-]+$/.test(value) &&
    value.split(/[^A-Za-z]/).some(part => part.length >= 5 && !CAMEL.test(part))
  )
}

/** What follows a plain word that is a value: an end, a closing mark or the next pair. A sentence goes on with words. */
const AFTER_WORD = /^(?:$|[\n\r"'`&;\\}\])]|,\s{0,2}["']?[\w.-]{1,30}["']?\s?[:=])/

/**
 * True when a value without quotes can be a secret rather than code, a count or a word of a sentence.
 * @param rest the text after it
 */
export function isPlausible(value: string, rest: string): boolean {
  if (
    isPlaceholder(value) ||
    CODE.test(value) ||
    (/^[A-Za-z_]+$/.test(value) && WORD_OF_SECRET.test(value)) ||
    VARIABLE.test(value) ||
    TYPE.test(value)
  )
    return false
  if (/^\d+$/.test(value)) return value.length >= 4
  if (/^[A-Za-z]+$/.test(value)) return value.length >= 6 && (AFTER_WORD.test(rest) || isJumble(value))
  return value.length >= 4
}
