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
    'password passwords passwd pswd passphrase passcode -pwd -pass -pw -passkey secret secretkey apikey apitoken accesstoken ' +
    'refreshtoken idtoken authtoken bearertoken sessiontoken securitytoken clientsecret privatekey signingkey encryptionkey ' +
    'secretaccesskey accountkey sharedaccesskey sharedaccesssignature sharedkey storagekey masterkey hmackey subscriptionkey ' +
    'servicerolekey deploykey secretkeybase connectionstring credential credentials requirepass identifiedby jsessionid phpsessid ' +
    'connectsid aspnetsessionid -cvv -cvc ' +
    'passwort kennwort motdepasse contraseña contrasena clavesecreta -senha wachtwoord lösenord adgangskode passord salasana hasło ' +
    'heslo jelszó parola şifre пароль κωδικός mậtkhẩu katasandi รหัสผ่าน पासवर्ड كلمةالمرور סיסמה ' +
    'パスワード 暗証番号 秘密鍵 密码 密碼 口令 비밀번호 암호',
  token:
    'token accesskey accesskeyid authkey licensekey licencekey appkey -jwt -otp -auth -creds -pat ' +
    'トークン apiキー アクセスキー シークレット シークレットキー 令牌 密钥 密鑰 토큰 токен ключ schlüssel geheimnis clave chave clé chiave',
  header: 'authorization cookie cookies',
  query: '=code -sig signature =sid =sas =ticket assertion =samlresponse',
}

/** What a name goes on with after the word: `API_KEY_PROD`, `passwordConfirmation`. */
const ENDINGS =
  'prod production staging stg dev development test qa live sandbox old new current backup primary secondary value plain confirm confirmation'
/** Vendors whose keys have no prefix: `COHERE_KEY`, `datadog key`. */
const VENDORS =
  'mistral cohere algolia datadog okta weaviate assemblyai deepgram openai anthropic azure google gemini stripe twilio sendgrid ' +
  'mailgun cloudflare fastly heroku newrelic snyk codecov sonar zendesk intercom rollbar honeycomb splunk pagerduty confluent'

const KINDS = ['query', 'token', 'header', 'secret'] as const
const find = createWordFinder([
  ...VENDORS.split(' ').map(vendor => [`${vendor}key`, 'token'] as const),
  ...KINDS.flatMap(kind =>
    WORDS[kind]
      .split(' ')
      .flatMap(spellings)
      .map(word => [word, kind] as const),
  ),
  ...(['token', 'secret'] as const).flatMap(kind =>
    WORDS[kind]
      .split(' ')
      .filter(isAscii)
      .flatMap(word => ENDINGS.split(' ').map(ending => [word + ending, kind] as const)),
  ),
])

/** Capitals are read as small letters in ASCII only. */
function spellings(word: string): string[] {
  return isAscii(word) ? [word] : [...new Set([word, word[0]!.toUpperCase() + word.slice(1), word.toUpperCase()])]
}

function isAscii(word: string): boolean {
  return /^[a-z=-]+$/.test(word)
}

/** The longest secret word that ends at `end`, undefined when there is none. A digit may follow it (`password2`). */
export function secretWordAt(text: string, end: number): SecretWord | undefined {
  return find(text, is(codeAt(text, end - 1), DIGIT) ? end - 1 : end)
}
