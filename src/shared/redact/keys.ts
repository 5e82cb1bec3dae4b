/**
 * What an attribute's key says about its value. An app has few different keys, so the facts of each key are kept.
 */
import { isContentKey } from './content'
import type { KeyRule } from './lists'
import type { Mode } from './modes'
import { nameWordAt } from './words/name-words'
import { kindBefore, type NumberKind } from './words/number-words'
import { secretWordAt } from './words/secret-words'

export interface KeyFacts {
  /** the key itself, masked */
  readonly name: string
  /** the value is message content */
  readonly isContent: boolean
  /** the user's list: nothing under it is read */
  readonly isAllowed: boolean
  /** what becomes of what is found under it, where the user said so */
  readonly mode: Mode | undefined
  /** the value is a secret: since the user's list says so, always, or only when it looks like one (see `SecretKind`) */
  readonly secret: 'denied' | 'always' | 'random' | 'word' | 'code' | undefined
  /** the value is the id of a trace or span: digits only by chance */
  readonly isTraceId: boolean
  /** the value came with a request, from anybody, or goes out with one: a URL, a header */
  readonly isRequest: boolean
  /** the value says which host was called or is ours: an IP address there is no person's */
  readonly isServer: boolean
  /** the value is the list of a process's arguments */
  readonly isArguments: boolean
  /** the value is a statement for a database */
  readonly isStatement: boolean
  /** is put before the value while it is scanned, so that detectors can use the key */
  readonly context: string
  /** the last text under it that was left as it was: mostly the next record has it again, and comparing takes less than looking it up */
  clean: string | undefined
}

/** Below these, every header with a secret's word is denied, whatever its value looks like. */
const HEADERS = /(?:^|[._])(?:headers?|rpc\.\w+\.metadata)[._]/
const HEADER_SECRET = /(?:token|signature|assertion|jwt|oidc[-_]data|auth)$/i

const TRACE_ID = /(?:^|[._])(?:trace|span|parent)[._]?(?:span)?[._]?id$/i
const QUERY = /(?:^|[._])query$/

/** Not `client.*`, nor `network.peer.*`, which is the client of a server's span. */
const SERVER =
  /(?:^|[._])(?:server|host|destination|upstream|local)[._](?:socket[._])?(?:address|addr|ip|name)$|^http\.host$/i

/** A word that stands for the kind, where the name of the kind is not such a word. */
const WORD_OF: Partial<Record<NumberKind, string>> = {
  national: 'national id',
  licence: 'license number',
  residence: 'residence card',
  account: 'account number',
  other: 'order',
}

const REQUEST =
  /^(?:user_agent\.original|(?:server|client)\.address|url\.(?:full|path|query|fragment)|http\.(?:url|target|user_agent|host|client_ip)|http\.request\.(?:method_original|header\..{1,200}))$/
const ARGUMENTS = /(?:^|[._])(?:args|argv|arguments)$/i

const MOST_KEYS = 4096
const LONGEST_KEY = 256

/**
 * @param scan masks what a key itself gives away (`{"bob@example.com": 3}`)
 * @param ruleOf what the user's lists say of a key
 */
export function createKeyReader(scan: (text: string) => string, ruleOf: (key: string) => KeyRule) {
  const known = new Map<string, KeyFacts>()
  return (key: string): KeyFacts => {
    const facts = known.get(key)
    if (facts) return facts
    const { list, mode } = ruleOf(key)
    const found: KeyFacts = {
      name: scan(key),
      isAllowed: list === 'keep',
      mode,
      isContent: isContentKey(key),
      secret: list === 'deny' ? 'denied' : secretOf(key),
      isTraceId: TRACE_ID.test(key),
      isRequest: REQUEST.test(key),
      isServer: SERVER.test(key),
      isArguments: ARGUMENTS.test(key),
      isStatement: key === 'db.query.text' || key === 'db.statement',
      context: contextOf(key),
      clean: undefined,
    }
    if (known.size >= MOST_KEYS) known.clear()
    if (key.length <= LONGEST_KEY) known.set(key, found)
    return found
  }
}

/**
 * `user.passport_no` reads as `passport:`. A key that announces a name or an address is written as such a key in JSON,
 * with the whole value behind it.
 */
function contextOf(key: string): string {
  if (QUERY.test(key)) return '?'
  const kind = kindBefore(key, key.length)
  const word = kind === undefined || kind === 'host' || kind === 'call' ? nameWordAt(key, key.length) : undefined
  if (word) return `"${key.slice(word.start)}":"`
  // `message` and `text` are what one does with a phone; as keys they are what is said
  return kind === undefined || kind === 'call' ? '' : `${WORD_OF[kind] ?? kind}:`
}

function secretOf(key: string): KeyFacts['secret'] {
  const kind = secretWordAt(key, key.length)?.value
  if (kind === 'secret' || kind === 'header') return 'always'
  if (HEADERS.test(key) && HEADER_SECRET.test(key)) return 'always'
  if (kind === 'word' || kind === 'code') return kind
  return kind === 'token' ? 'random' : undefined
}
