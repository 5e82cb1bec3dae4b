/**
 * Words at the end of a key that say its value is a secret: `DB_PASSWORD`, `x-api-key`, `openai.apiKey`. Called with
 * attribute keys (`keys.ts`) and with keys inside a text (`detectors/assignment.ts`).
 */
import { codeAt, DIGIT, is } from './chars'
import { createWordFinder, type Found } from './key-words'

/**
 * How much the word says.
 * - `secret`: whatever stands there is one.
 * - `token`: only a value that looks random is one (`"token": "Hello"` is a piece of a model's answer).
 * - `header`: a header whose whole line is one.
 * - `query`: one only as a parameter of a URL (`code`, `sig`).
 */
type SecretKind = 'secret' | 'token' | 'header' | 'query'

export type SecretWord = Found<SecretKind>

/** By kind, `-` and `=` as `createWordFinder` reads them; a word that is in two lists has the kind of the later. */
const WORDS: Record<SecretKind, string> = {
  secret:
    'password passwd passphrase passcode -pwd -pass secret secretkey apikey apitoken accesstoken refreshtoken idtoken authtoken ' +
    'bearertoken sessiontoken securitytoken clientsecret privatekey signingkey encryptionkey secretaccesskey accountkey ' +
    'connectionstring credential credentials jsessionid phpsessid -cvv -cvc passwort kennwort contraseña -senha パスワード 暗証番号 密码',
  token: 'token accesskey accesskeyid authkey licensekey -jwt -otp -auth -creds',
  header: 'authorization cookie cookies',
  query: '=code -sig signature =sid =sas =ticket assertion =samlresponse',
}

const KINDS = ['query', 'token', 'header', 'secret'] as const
const find = createWordFinder(KINDS.flatMap(kind => WORDS[kind].split(' ').map(word => [word, kind] as const)))

/** The longest secret word that ends at `end`, undefined when there is none. A digit may follow it (`password2`). */
export function secretWordAt(text: string, end: number): SecretWord | undefined {
  return find(text, is(codeAt(text, end - 1), DIGIT) ? end - 1 : end)
}
