/** Words at the end of a key that say its value is a secret: `DB_PASSWORD`, `x-api-key`, `openai.apiKey`. */
import { codeAt, DIGIT, is } from '../scan/chars'
import { createWordFinder, type Found, type Words } from './word-finder'

/**
 * How much the word says.
 * - `secret`: whatever stands there is one.
 * - `token`: only a value that looks random is one (`"token": "Hello"` is a piece of a model's answer).
 * - `header`: a header whose whole line is one.
 * - `query`: one only as a parameter of a URL (`code`, `sig`).
 * - `word`: one word without blanks is one, a number or a sentence is not (`pass` counts tests, too).
 * - `code`: three digits or more are one (`cvv`, `pin`).
 */
export type SecretKind = 'secret' | 'token' | 'header' | 'query' | 'word' | 'code'

export type SecretWord = Found<SecretKind>

/** English words and those that products write; other languages are in `locales/secret-words.ts`. */
const WORDS: Words<SecretKind> = {
  query: '=code =key -sig signature =sid =sas =ticket assertion =samlresponse',
  token:
    'token accesskey accesskeyid accessid authkey authorizationkey authenticationkey licensekey licencekey appkey applicationkey ' +
    'adminkey servicekey serverkey userkey machinekey integrationkey developerkey writekey publishkey streamkey webhookkey ' +
    'instrumentationkey cipherkey aeskey sonarlogin -jwt -auth -creds -pat',
  header: 'authorization -cookie -cookies',
  secret:
    'password passwords passwd pswd passphrase passcode -pwd -pw -passkey secret secretkey apikey apitoken accesstoken ' +
    'refreshtoken idtoken authtoken bearertoken sessiontoken securitytoken clientsecret privatekey signingkey encryptionkey ' +
    'secretaccesskey accountkey sharedaccesskey sharedaccesssignature sharedkey storagekey masterkey hmackey subscriptionkey ' +
    'servicerolekey deploykey secretkeybase connectionstring credential credentials requirepass masterauth identifiedby jsessionid ' +
    'phpsessid connectsid aspnetsessionid clientkeydata -psk',
  word: '-pass',
  code: '-cvv -cvc -csc =pin -otp -totp',
}

/** What a name goes on with after the word: `API_KEY_PROD`, `passwordConfirmation`. */
const ENDINGS =
  'prod production staging stg dev development test qa live sandbox old new current backup primary secondary value plain confirm confirmation'.split(
    ' ',
  )
/** Vendors whose keys have no prefix: `COHERE_KEY`, `datadog key`. */
const VENDORS =
  'mistral cohere algolia datadog okta weaviate assemblyai deepgram openai anthropic azure google gemini stripe twilio sendgrid ' +
  'mailgun cloudflare fastly heroku newrelic snyk codecov sonar zendesk intercom rollbar honeycomb splunk pagerduty confluent ' +
  'hubspot deepseek groq perplexity elevenlabs cerebras together fireworks pinecone langsmith langfuse airtable shopify contentful'

const { find, learn, ends } = createWordFinder<SecretKind>({ token: VENDORS.replace(/ |$/g, 'key ').trim() })
learnSecretWords(WORDS)

export { ends as secretEnds }

export function learnSecretWords(words: Words<SecretKind>): void {
  for (const [kind, text] of Object.entries(words)) {
    const listed = text.split(' ')
    const all = listed.flatMap(spellings)
    if (isSecretKeyword({ value: kind as SecretKind, start: 0 }))
      for (const word of listed.filter(isAscii)) all.push(...ENDINGS.map(ending => word + ending))
    learn({ [kind]: all.join(' ') })
  }
}

/** Capitals are read as small letters in ASCII only. */
function spellings(word: string): string[] {
  return isAscii(word) ? [word] : [...new Set([word, word[0]!.toUpperCase() + word.slice(1), word.toUpperCase()])]
}

function isAscii(word: string): boolean {
  return /^[a-z=-]+$/.test(word)
}

/** True for a word that means a secret in a sentence, an option or an element, too. */
export function isSecretKeyword(word: SecretWord | undefined): word is SecretWord {
  return word?.value === 'secret' || word?.value === 'token' || word?.value === 'word'
}

/** True for what stands behind a word of the kind `code`: digits, or what is a secret by itself. */
export function isCode(value: string): boolean {
  return /^\d{3,8}$/.test(value)
}

/** The longest secret word that ends at `end`, undefined when there is none. A digit may follow it (`password2`). */
export function secretWordAt(text: string, end: number): SecretWord | undefined {
  return find(text, is(codeAt(text, end - 1), DIGIT) ? end - 1 : end)
}
