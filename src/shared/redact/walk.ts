/**
 * Redacts one attribute value of any shape. What did not change keeps its identity, so that a clean span costs no
 * allocation.
 */
import { isMessages } from './content'
import { isHeaderValue } from './detectors/secrets/key-values/header-value'
import { isPlaceholder, isStrong, looksRandom } from './detectors/secrets/plausible'
import type { KeyFacts } from './keys'
import { isMask, type Masker } from './mask'
import type { Mode } from './modes'
import { PIECE, type ReadAhead } from './scan/ahead'
import { withoutValues } from './statement'
import { isCode, secretWordAt } from './words/secret-words'

export interface Walk {
  /** @param isRequest the text came with a request, from anybody: less of it is read */
  readonly scan: (text: string, mode: Mode | undefined, isRequest?: boolean) => string
  /** Reads a long text in pieces, before `scan` gets it. */
  readonly ahead: (text: string) => Generator<void, ReadAhead>
  readonly maskers: ReadonlyMap<Mode | undefined, Masker>
  readonly factsOf: (key: string) => KeyFacts
  /** content keys inside of maps go too */
  readonly dropsContent: boolean
}

/** Deeper values are masked whole; also the end of a circle. */
const DEEPEST = 32
/** A number under a secret's key is one when it has four digits; less is a count. */
const SMALLEST_SECRET_NUMBER = 1000
/** The shortest number of a person: a postal code of five digits, an account of six. */
const SMALLEST_PERSONAL_NUMBER = 10_000
/** The longest key that is looked at in a list of keys and values. */
const LONGEST_OPTION = 64

/** The redacted value; the same reference when nothing changed, `undefined` when it has to go. */
export function walkValue(walk: Walk, facts: KeyFacts, value: unknown, depth = 0): unknown {
  if (facts.isAllowed) return value
  if (facts.mode === 'drop') return undefined
  if (typeof value === 'string') return walkText(walk, facts, value)
  if (typeof value === 'number' || typeof value === 'bigint') {
    // under most keys a number is a count
    return facts.secret !== undefined || facts.context !== '' ? walkNumber(walk, facts, value) : value
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return whole(walk, facts, '')
  if (value instanceof Uint8Array) return walkBytes(walk, facts, value)
  return Array.isArray(value) ? walkList(walk, facts, value, depth) : walkMap(walk, facts, value, depth)
}

/** The long texts of a value as `walkValue` scans them; of what is seldom, such as a denied one, none. */
export function* longTexts(walk: Walk, facts: KeyFacts, value: unknown, depth = 0): Generator<string> {
  if (facts.isAllowed || facts.isRequest || facts.mode === 'drop' || depth > DEEPEST) return
  if (typeof value === 'string') {
    if (value.length <= PIECE || facts.secret === 'denied') return
    if (facts.context !== '' && !facts.isStatement) yield facts.context + value
    yield value
  } else if (Array.isArray(value)) for (const one of value) yield* longTexts(walk, facts, one, depth + 1)
  else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
    for (const [key, one] of Object.entries(value)) yield* longTexts(walk, walk.factsOf(key), one, depth + 1)
}

function walkText(walk: Walk, facts: KeyFacts, text: string): string {
  if (text === '') return text
  if (facts.secret === 'denied') return deniedText(walk, facts, text)
  if (facts.secret !== undefined && isSecretText(facts.secret, text)) return whole(walk, facts, text)
  if (facts.isTraceId && /^[\da-f]{16,32}$/.test(text)) return text
  if (facts.isServer && /^[\da-f.:%]{2,45}$/i.test(text)) return text
  const { context } = facts
  if (facts.isStatement) return withoutValues(walk.scan(text, facts.mode))
  if (context === '') return walk.scan(text, facts.mode, facts.isRequest)
  // Read twice: behind the key's word, which may give a number its meaning, and alone. Behind a word, the first word of the
  // value is no beginning, so a detector that needs one would miss it.
  const known = context + text
  const scanned = walk.scan(known, facts.mode, facts.isRequest)
  return walk.scan(scanned === known ? text : scanned.slice(context.length), facts.mode, facts.isRequest)
}

function isSecretText(secret: KeyFacts['secret'], text: string): boolean {
  switch (secret) {
    case 'always':
      return true
    case 'random':
      return looksRandom(text)
    case 'word':
      return !/\s|^\d{1,5}$/.test(text)
    case 'code':
      return isCode(text) || isStrong(text)
    default:
      return false
  }
}

/** A number is read only under a key that makes it a secret or somebody's: `{"phone": 819012345678}`. Other numbers are counts. */
function walkNumber(walk: Walk, facts: KeyFacts, value: number | bigint): unknown {
  const isSecret =
    facts.secret === 'denied' ||
    (facts.secret === 'always' && (value >= SMALLEST_SECRET_NUMBER || value <= -SMALLEST_SECRET_NUMBER)) ||
    (facts.secret === 'code' && isCode(String(value)))
  if (isSecret) return whole(walk, facts, String(value), value)
  if (facts.context === '' || (value < SMALLEST_PERSONAL_NUMBER && value > -SMALLEST_PERSONAL_NUMBER)) return value
  const text = String(value)
  const redacted = walkText(walk, facts, text)
  return redacted === text ? value : redacted
}

/** Masks the whole value, since its key makes it a secret. @param kept the value to return when the user allows it; default the text */
function whole<T>(walk: Walk, { mode }: KeyFacts, text: string, kept?: T): string | T {
  if (isMask(text)) return text
  return walk.maskers.get(mode)!('REDACTED', text) ?? kept ?? text
}

/** Masks the whole value under a denied key. Where all of it is one hit, the mask has the type of that hit. */
function deniedText(walk: Walk, facts: KeyFacts, text: string): string {
  const scanned = walk.scan(text, facts.mode)
  return isMask(scanned) ? scanned : whole(walk, facts, text)
}

function walkList(walk: Walk, facts: KeyFacts, list: readonly unknown[], depth: number): readonly unknown[] {
  let changed: unknown[] | undefined
  for (let i = 0; i < list.length; i++) {
    const isSecret =
      i > 0 &&
      typeof list[i] === 'string' &&
      announcesSecret(list[i - 1], list[i] as string) &&
      !isPlaceholder(list[i] as string)
    const redacted = isSecret
      ? whole(walk, facts, list[i] as string)
      : walkValue(walk, facts, facts.isArguments ? argument(walk, facts, list, i) : list[i], depth + 1)
    if (redacted === list[i]) continue
    changed ??= list.slice()
    changed[i] = redacted
  }
  return changed ?? list
}

/** True for the value in `['--password', 'hunter2']` (arguments of a process) and in `['authorization', 'Token …']` (a key and its value). */
function announcesSecret(before: unknown, value: string): boolean {
  if (typeof before !== 'string' || before.length > LONGEST_OPTION) return false
  const kind = secretWordAt(before, before.length)?.value
  if (/^--?\w[\w-]{2}/.test(before))
    return kind === 'secret' || kind === 'token' || (kind === 'query' && looksRandom(value))
  return kind === 'header' && /^[\w-]+$/.test(before) && isHeaderValue(value)
}

/** Reads an argument behind its command and the argument before it, as in `curl -u user:password` or `mysql -ppassword`. */
function argument(walk: Walk, facts: KeyFacts, list: readonly unknown[], at: number): unknown {
  const value = list[at]
  if (at === 0 || typeof value !== 'string') return value
  const before = `${list[0]} ${at > 1 ? `${list[at - 1]} ` : ''}`
  const scanned = walk.scan(before + value, facts.mode)
  return scanned.startsWith(before) ? scanned.slice(before.length) : value
}

function walkMap(walk: Walk, facts: KeyFacts, map: object, depth: number): object {
  let changed: Record<string, unknown> | undefined
  const entries = Object.entries(map)
  const isSecret = facts.secret === 'denied' || (facts.secret === 'always' && !isSchema(map))
  for (let i = 0; i < entries.length; i++) {
    const [key, value] = entries[i]!
    const own = walk.factsOf(key)
    const isDropped = (walk.dropsContent && (own.isContent || isMessages(value))) || own.mode === 'drop'
    const inherited = { mode: own.mode ?? facts.mode, ...(isSecret && { secret: facts.secret }) }
    const redacted = isDropped
      ? undefined
      : walkValue(walk, isSecret || facts.mode ? { ...own, ...inherited } : own, value, depth + 1)
    if (!changed && redacted === value && own.name === key && !isDropped) continue
    changed ??= Object.fromEntries(entries.slice(0, i))
    if (!isDropped) changed[own.name] = redacted
  }
  return changed ?? map
}

/** A JSON schema describes a secret and holds none: tools have parameters named `password`. */
function isSchema(map: object): boolean {
  return 'type' in map && /^(?:string|number|integer|boolean|object|array|null)$/.test(String(map.type))
}

/** Reads bytes as text, since they may be text. Where something is found, the whole value is masked. */
function walkBytes(walk: Walk, facts: KeyFacts, bytes: Uint8Array): Uint8Array | string {
  if (facts.secret === 'always' || facts.secret === 'denied') return whole(walk, facts, '')
  let text = ''
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096))
  return walk.scan(text, facts.mode) === text ? bytes : whole(walk, facts, '')
}
