/**
 * Redacts one attribute value of any shape. Called by `redactor.ts`. What did not change keeps its identity, so that a
 * clean span costs no allocation.
 */
import { isPlaceholder, looksRandom } from './detectors/plausible'
import type { KeyFacts } from './keys'
import { REDACTED } from './mask'
import { secretWordAt } from './secret-words'

type Scan = (text: string) => string

export interface Walk {
  readonly scan: Scan
  readonly factsOf: (key: string) => KeyFacts
  /** content keys inside of maps go too */
  readonly dropsContent: boolean
}

/** Deeper values are masked whole; also the end of a circle. */
const DEEPEST = 32
/** A number under a secret's key is one when it has four digits; less is a count. */
const SMALLEST_SECRET_NUMBER = 1000

/** The redacted value; the same reference when nothing changed. */
export function walkValue(walk: Walk, facts: KeyFacts, value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return walkText(walk, facts, value)
  if (typeof value === 'number' || typeof value === 'bigint') {
    return facts.secret === 'always' && (value >= SMALLEST_SECRET_NUMBER || value <= -SMALLEST_SECRET_NUMBER)
      ? REDACTED
      : value
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return REDACTED
  if (value instanceof Uint8Array) return walkBytes(walk, facts, value)
  return Array.isArray(value) ? walkList(walk, facts, value, depth) : walkMap(walk, facts, value, depth)
}

function walkText(walk: Walk, facts: KeyFacts, text: string): string {
  if (facts.secret === 'always') return text === '' ? text : REDACTED
  if (facts.secret === 'random' && looksRandom(text)) return REDACTED
  if (facts.isTraceId && /^[\da-f]{16,32}$/.test(text)) return text
  const { context } = facts
  if (context === '') return walk.scan(text)
  const known = context + text
  const scanned = walk.scan(known)
  return scanned === known ? text : scanned.slice(context.length)
}

function walkList(walk: Walk, facts: KeyFacts, list: readonly unknown[], depth: number): readonly unknown[] {
  let changed: unknown[] | undefined
  for (let i = 0; i < list.length; i++) {
    const isSecret = typeof list[i] === 'string' && announcesSecret(list[i - 1]) && !isPlaceholder(list[i] as string)
    const redacted = isSecret ? REDACTED : walkValue(walk, facts, list[i], depth + 1)
    if (redacted === list[i]) continue
    changed ??= list.slice()
    changed[i] = redacted
  }
  return changed ?? list
}

/** `['--password', 'hunter2']`: the arguments of a process, one a piece. */
function announcesSecret(before: unknown): boolean {
  if (typeof before !== 'string' || !before.startsWith('--')) return false
  const kind = secretWordAt(before, before.length)?.value
  return kind === 'secret' || kind === 'token'
}

function walkMap(walk: Walk, facts: KeyFacts, map: object, depth: number): object {
  let changed: Record<string, unknown> | undefined
  const entries = Object.entries(map)
  const isSecret = facts.secret === 'always' && !isSchema(map)
  for (let i = 0; i < entries.length; i++) {
    const [key, value] = entries[i]!
    const own = walk.factsOf(key)
    const drops = walk.dropsContent && own.isContent
    const redacted = drops
      ? undefined
      : walkValue(walk, isSecret ? { ...own, secret: 'always' } : own, value, depth + 1)
    if (!changed && redacted === value && own.name === key && !drops) continue
    changed ??= Object.fromEntries(entries.slice(0, i))
    if (!drops) changed[own.name] = redacted
  }
  return changed ?? map
}

/** A JSON schema describes a secret and holds none: tools have parameters named `password`. */
function isSchema(map: object): boolean {
  return 'type' in map && /^(?:string|number|integer|boolean|object|array|null)$/.test(String(map.type))
}

/** Bytes may be text: they are read as such, and go whole when something is found. */
function walkBytes(walk: Walk, facts: KeyFacts, bytes: Uint8Array): Uint8Array | string {
  if (facts.secret === 'always') return REDACTED
  let text = ''
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096))
  return walk.scan(text) === text ? bytes : REDACTED
}
