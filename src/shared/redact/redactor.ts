/**
 * Removes personal data and secrets from what leaves the process.
 */
import { Budget } from './budget'
import { isMessages } from './content'
import { type Counts, newCounts } from './counts'
import type { CustomDetector } from './define'
import { detectorsWith } from './detectors'
import { registered } from './detectors/registry'
import { type Entity, replaceEntities } from './entities'
import { createKeyReader, type KeyFacts } from './keys'
import { createDenied, createKeyRules, type Listed } from './lists'
import { locales } from './locales'
import { FAILED, truncated } from './mask'
import { createMaskers } from './maskers'
import type { Hmac, Mode } from './modes'
import type { FindPersons } from './prose'
import { withProse } from './prose/reader'
import { createRecords, type RedactableLog, type RedactableSpan } from './records'
import { type ReadAhead, readAhead } from './scan/ahead'
import { foldFast } from './scan/ascii'
import { createFastReader } from './scan/fast-reader'
import { createScanner, type Detector, type Scan } from './scan/scanner'
import { readInside } from './scan/tables'
import { work } from './scan/work'
import { longTexts, type Walk, walkValue } from './walk'

/** A longer value seldom comes twice, and is kept for as long as its key. */
const LONGEST_COMPARED = 256

/** Every detector that says what it costs at most. */
export const detectors: readonly Detector[] = detectorsWith(locales).filter(registered)

export interface RedactOptions {
  /**
   * What becomes of message content (prompts, answers, tool arguments, in every dialect) in spans and logs:
   * `off` removes it, `redacted` keeps it and runs all detectors, `full` runs the secret detectors only.
   * Default `redacted`.
   */
  content?: 'off' | 'redacted' | 'full'
  /** `false` turns detectors, lists and denied keys off; the content policy still applies. Default `true`. */
  enabled?: boolean
  /** What becomes of personal data. Secrets are masked in every mode. Default `mask`. */
  mode?: Mode
  /** By type, secrets too: `{ EMAIL: 'pseudonym', CARD: 'partial' }`. */
  types?: Readonly<Record<string, Mode>>
  /**
   * By attribute key, `*` for any characters; wins over `types`. `drop` removes the attribute, the others hold for what
   * is found in it and, where the key is denied, for the whole value.
   */
  keys?: Readonly<Record<string, Mode>>
  /** What may stay: nothing under these keys is read; a hit that is one of these values is left. */
  allow?: Listed
  /** What never leaves: whole values under these keys, and these values wherever they stand. */
  deny?: Listed
  /** Finds persons in the sentences of message content; a chunk of its own makes it (`prose/index.ts`). Default: nobody does. */
  persons?: FindPersons | undefined
  /** Detectors of your own, each made by `defineDetector`. */
  detectors?: readonly CustomDetector[]
  /** Makes pseudonyms; without it the mode `pseudonym` masks. */
  hmac?: Hmac | undefined
  /**
   * Called when a detector throws on a value, which was replaced by `[REDACTION_FAILED]`; `where` is the attribute's
   * key or the name of the field. Default: nothing is called.
   */
  onError?: (where: string, error: unknown) => void
}

export interface Redactor {
  /** The kinds of value that are looked for; empty when turned off. */
  readonly detectors: readonly string[]
  /** What was done up to now. */
  readonly counts: Readonly<Counts>
  /** The text with every hit replaced; the same string when there is none. Over 256 Ki characters the tail is cut off. */
  text(value: string): string
  /**
   * One attribute value: a string, an array, or a nested map. The value under a key that names a secret becomes
   * `[REDACTED]`. Returns the same reference when nothing changed, `undefined` when the attribute has to go.
   * @param isContent it is message content whatever its key is, as the body of a message event is
   */
  value(key: string, value: unknown, isContent?: boolean): unknown
  /** The same object when nothing changed, otherwise a new one; what keys give away is masked too. */
  attributes<T extends Record<string, unknown>>(attributes: T, isContent?: boolean): T
  /**
   * In place: name, status message, attributes, events, links, scope. Arrays and objects inside are replaced. What is
   * beyond 1 Mi characters of one span becomes `[TRUNCATED n chars]`.
   */
  span(span: RedactableSpan): void
  /** The same with a pause after each 32 Ki characters, and as `ahead` within an attribute. Other records may come between. */
  spanInPieces(span: RedactableSpan): Generator<void>
  /**
   * Reads the long texts of these attributes with a pause after each 16 Ki characters, and then redacts: what `redact` gets of
   * them is read already. Other records may come between.
   */
  ahead<Result>(
    values: Readonly<Record<string, unknown>>,
    isContent: boolean,
    redact: () => Result,
  ): Generator<void, Result>
  /** In place: body, attributes, scope. The body of a message event is removed when content is off. */
  log(record: RedactableLog): void
  /**
   * The text with what a model of yours found in it replaced, by the modes and lists of this redactor.
   * @param entities positions in `text`; what overlaps a mask is left. `undefined`, where the model failed, gives
   *   `[REDACTION_FAILED]`
   */
  replace(text: string, entities: readonly Entity[] | undefined): string
}

/**
 * One redactor serves a process: it compiles its tables once and keeps what it learns about keys.
 * @throws an Error when a listed pattern does not pass the growth check
 */
export function createRedactor(options: RedactOptions = {}): Redactor {
  return composeRedactor(options, detectors)
}

/** A redactor of these detectors, so that a test can add one that fails. */
export function composeRedactor(options: RedactOptions, available: readonly Detector[]): Redactor {
  const { content = 'redacted', enabled = true, allow = {}, deny = {}, persons, onError } = options
  const active = enabled ? available : []
  const tables = enabled ? readInside : undefined
  const custom = enabled ? [...createDenied(deny.values ?? []), ...(options.detectors ?? [])] : []
  const counts = newCounts()
  const budget = new Budget(Date.now)
  const maskers = createMaskers(options, counts)
  const ruleOf = createKeyRules(allow.keys ?? [], deny.keys ?? [], options.keys ?? {})
  const sweeps = custom.map(sweepOf)
  const scanAll = createScanner(active, sweeps, tables, createFastReader, foldFast)
  // outside of the budget: what is found out about a key is kept
  const factsOf = createKeyReader(
    key => guarded('key', () => scanAll(key, maskers.get(undefined)!, cut)) as string,
    ruleOf,
  )
  const dropsContent = content === 'off'
  const common = { factsOf, maskers, dropsContent }
  const walkOf = (scan: Scan): Walk => ({ ...common, scan: counted(scan), ahead: text => readAhead(scan.steps, text) })
  const everything = walkOf(scanAll)
  const forContent: Walk =
    content === 'full'
      ? walkOf(createSecretScanner(active))
      : enabled && persons
        ? walkOf(scanProse(persons))
        : everything
  /** Of the texts that are redacted now, those that were read before. */
  let known: ReadonlyMap<string, ReadAhead> | undefined

  function scanProse(find: FindPersons): Scan {
    return withProse(createScanner(active, sweeps, tables, createFastReader, foldFast), find)
  }

  function cut(): void {
    counts.budgetExceeded++
  }

  function counted(scan: Scan): Walk['scan'] {
    return (text, mode, isRequest = false) => {
      counts.values++
      const bounds = isRequest ? budget.requestBounds() : undefined
      const read = Math.min(text.length, bounds?.chars ?? text.length)
      if (!budget.allows(read) || bounds?.work === 0) {
        cut()
        return truncated(text.length)
      }
      const before = work.spent
      const reading = isRequest ? undefined : known?.get(text)
      work.spent += reading?.owed ?? 0
      const left = scan(text, maskers.get(mode)!, cut, bounds, reading)
      if (isRequest) budget.spendOnRequest(work.spent - before)
      return left
    }
  }

  function text(value: string): string {
    try {
      return everything.scan(value, undefined)
    } catch (error) {
      return failed('text', error)
    }
  }

  /** Fails closed: a value that cannot be checked does not pass, and takes nothing else with it. */
  function guarded(where: string, redact: () => unknown): unknown {
    try {
      return redact()
    } catch (error) {
      return failed(where, error)
    }
  }

  function failed(where: string, error: unknown): typeof FAILED {
    counts.errors++
    onError?.(where, error)
    return FAILED
  }

  /** As `guarded`, without a function for each attribute of each span. */
  function value(key: string, original: unknown, isContent = false, known?: KeyFacts): unknown {
    try {
      const facts = known ?? factsOf(key)
      if (typeof original === 'string' && original === facts.clean && !isContent && budget.allows(original.length)) {
        counts.values++
        return original
      }
      const isMessage = isContent || facts.isContent
      if (dropsContent && (isMessage || isMessages(original))) return undefined
      if (!enabled) return original
      const redacted = walkValue(isMessage ? forContent : everything, facts, original)
      const isKept = typeof original === 'string' && original.length <= LONGEST_COMPARED
      if (isKept && redacted === original && !isContent) facts.clean = original
      return redacted
    } catch (error) {
      return failed(key, error)
    }
  }

  function* ahead<Result>(
    values: Readonly<Record<string, unknown>>,
    isContent: boolean,
    redact: () => Result,
  ): Generator<void, Result> {
    const readings = new Map<string, ReadAhead>()
    try {
      for (const [key, original] of enabled && !budget.isOver ? Object.entries(values) : []) {
        const facts = factsOf(key)
        const isMessage = isContent || facts.isContent
        if (dropsContent && isMessage) continue
        const walk = isMessage ? forContent : everything
        for (const text of longTexts(walk, facts, original)) readings.set(text, yield* walk.ahead(text))
      }
    } catch {
      // whoever redacts meets it too, and fails closed
    }
    known = readings
    try {
      return redact()
    } finally {
      known = undefined
    }
  }

  function attributes<T extends Record<string, unknown>>(original: T, isContent = false): T {
    const keys = Object.keys(original)
    let changed: Record<string, unknown> | undefined
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!
      const facts = factsOf(key)
      const redacted = value(key, original[key], isContent, facts)
      const name = enabled ? facts.name : key
      if (!changed && redacted === original[key] && name === key) continue
      changed ??= Object.fromEntries(keys.slice(0, i).map(kept => [kept, original[kept]]))
      if (redacted !== undefined) changed[name] = redacted
    }
    return (changed as T | undefined) ?? original
  }

  const records = createRecords({ budget, text, value, attributes, ahead })
  // each is a record of its own, with a budget of its own
  return {
    detectors: [
      ...active.flatMap(detector => registered(detector)?.names ?? []),
      ...(options.detectors ?? []).map(({ type }) => type),
    ],
    counts,
    text: original => {
      budget.begin()
      return text(original)
    },
    value: (key, original, isContent) => {
      budget.begin()
      return value(key, original, isContent)
    },
    attributes: (original, isContent) => {
      budget.begin()
      return attributes(original, isContent)
    },
    span: records.span,
    spanInPieces: records.spanInPieces,
    ahead,
    log: records.log,
    replace(original, entities) {
      if (entities) return guarded('ner', () => replaceEntities(original, entities, maskers.get(undefined)!)) as string
      counts.errors++
      return FAILED
    },
  }
}

/** For content that is captured in full. */
function createSecretScanner(active: readonly Detector[]): Scan {
  const secrets = active.filter(detector => detector.finds === 'secret')
  return createScanner(secrets, [], active.length > 0 ? readInside : undefined, createFastReader, foldFast)
}

const sweepOf = ({ sweep }: CustomDetector) => sweep
