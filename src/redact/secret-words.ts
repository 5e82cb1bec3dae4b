/**
 * Words at the end of a key that say its value is a secret: `DB_PASSWORD`, `x-api-key`, `openai.apiKey`. Called with
 * attribute keys (`keys.ts`) and with keys inside a text (`detectors/assignment.ts`).
 */
import { codeAt, DIGIT, is, LETTER, startsToken } from './chars'

/**
 * How much the word says.
 * - `secret`: whatever stands there is one.
 * - `token`: only a value that looks random is one (`"token": "Hello"` is a piece of a model's answer).
 * - `header`: a header whose whole line is one.
 * - `query`: one only as a parameter of a URL (`code`, `sig`).
 */
export type SecretKind = 'secret' | 'token' | 'header' | 'query'

export interface SecretWord {
  readonly kind: SecretKind
  /** index of the word's first letter */
  readonly start: number
}

/**
 * Words without separators. After `-` it counts only as a word of its own (`DB_PWD`, not `cpwd`), after `=` only as the
 * whole key (`code`, not `country_code`).
 */
const WORDS: Record<SecretKind, string> = {
  secret:
    'password passwd passphrase passcode -pwd -pass secret secretkey apikey apitoken accesstoken refreshtoken idtoken authtoken ' +
    'bearertoken sessiontoken securitytoken clientsecret privatekey signingkey encryptionkey secretaccesskey accountkey ' +
    'connectionstring credential credentials jsessionid phpsessid -cvv -cvc passwort kennwort contraseña -senha パスワード 暗証番号 密码',
  token: 'token accesskey accesskeyid authkey licensekey -jwt -otp -auth -creds',
  header: 'authorization cookie cookies',
  query: '=code -sig signature =sid =sas =ticket assertion =samlresponse',
}

interface Node {
  readonly next: Map<number, Node>
  kind?: SecretKind
  /** what has to be before the word: nothing that is said, the start of a word, the start of the key */
  mark?: string
}

/** The words spelled backwards, since a key is read from its end. */
const root: Node = { next: new Map() }
for (const kind of ['query', 'token', 'header', 'secret'] as const) {
  for (const word of WORDS[kind].split(' ')) {
    let node = root
    const letters = word.replace(/^[-=]/, '')
    for (let i = letters.length - 1; i >= 0; i--) {
      const code = letters.charCodeAt(i)
      const next: Node = node.next.get(code) ?? { next: new Map() }
      node.next.set(code, next)
      node = next
    }
    node.kind = kind
    node.mark = word.slice(0, word.length - letters.length)
  }
}

/**
 * The longest secret word that ends at `end`, in any spelling (`apiKey`, `api_key`, `API-KEY`, `api key`), undefined
 * when there is none.
 */
export function secretWordAt(text: string, end: number): SecretWord | undefined {
  let node = root
  let found: SecretWord | undefined
  let at = end - 1
  // password2
  if (is(codeAt(text, at), DIGIT)) at--
  for (; at >= 0; at--) {
    const code = codeAt(text, at)
    if (node !== root && isJoint(code) && !isJoint(codeAt(text, at + 1))) continue
    const next = node.next.get(is(code, LETTER) ? code | 32 : code)
    if (!next) break
    node = next
    if (node.kind && (!node.mark || startsWord(text, at, node.mark === '='))) found = { kind: node.kind, start: at }
  }
  return found
}

/** What may stand between the parts of one word: `_`, `-`, `.`, space. */
function isJoint(code: number): boolean {
  return code === 95 || code === 45 || code === 46 || code === 32
}

/** True when no letter or digit of the same word stands before: start, separator, or a capital after a small letter. */
function startsWord(text: string, at: number, isWholeKey: boolean): boolean {
  const before = codeAt(text, at - 1)
  if (isWholeKey) return startsToken(text, at) && before !== 45 && before !== 46
  if (before === 95 || startsToken(text, at)) return true
  return isCapital(codeAt(text, at)) && !isCapital(before)
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}
