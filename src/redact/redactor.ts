/**
 * Removes personal data and secrets from what leaves the process. Called by the SDK's export path for every span, log
 * record and resource, and by users through `@afn/otel/redact`.
 */
import { detectors as all } from './detectors'
import { createKeyReader } from './keys'
import { FAILED, mask } from './mask'
import { createRecords, type RedactableLog, type RedactableSpan } from './records'
import { createScanner, type Detector } from './scan'
import { type Walk, walkValue } from './walk'

export interface RedactOptions {
  /**
   * What becomes of message content (prompts, answers, tool arguments, in every dialect):
   * `off` removes it, `redacted` keeps it and runs all detectors, `full` runs the secret detectors only.
   */
  content: 'off' | 'redacted' | 'full'
  /** `false` turns detectors and denied keys off; the content policy still applies. Default `true`. */
  enabled?: boolean
  /**
   * Called when a detector throws on a value, which was replaced by `[REDACTION_FAILED]`; `where` is the attribute's
   * key or the name of the field. Default: nothing is called.
   */
  onError?: (where: string, error: unknown) => void
}

export interface Redactor {
  /** The kinds of value that are looked for; empty when turned off. */
  readonly detectors: readonly string[]
  /** The text with every hit masked; the same string when there is none. Over 256 Ki characters the tail is cut off. */
  text(value: string): string
  /**
   * One attribute value: a string, an array, or a nested map. The value under a key that names a secret becomes
   * `[REDACTED]`. Returns the same reference when nothing changed, `undefined` when the attribute has to go.
   */
  value(key: string, value: unknown): unknown
  /** The same object when nothing changed, otherwise a new one; what keys give away is masked too. */
  attributes<T extends Record<string, unknown>>(attributes: T): T
  /** In place: name, status message, attributes, events, links, scope. Arrays and objects inside are replaced. */
  span(span: RedactableSpan): void
  /** In place: body, attributes, scope. The body of a message event is removed when content is off. */
  log(record: RedactableLog): void
}

/** One redactor serves a process: it compiles its tables once and keeps what it learns about keys. */
export function createRedactor(options: RedactOptions): Redactor {
  return composeRedactor(options, all)
}

/** A redactor of given detectors. Called by `createRedactor`, and by tests with a detector that fails. */
export function composeRedactor(options: RedactOptions, given: readonly Detector[]): Redactor {
  const { content, enabled = true, onError } = options
  const detectors = enabled ? given : []
  const scan = createScanner(detectors, mask)
  const factsOf = createKeyReader(text)
  const dropsContent = content === 'off'
  const everything: Walk = { scan, factsOf, dropsContent }
  const secrets: Walk = {
    scan: createScanner(
      detectors.filter(detector => detector.finds === 'secret'),
      mask,
    ),
    factsOf,
    dropsContent,
  }

  function text(value: string): string {
    return guarded('text', () => scan(value)) as string
  }

  /** Fails closed: a value that cannot be checked does not pass, and takes nothing else with it. */
  function guarded(where: string, redact: () => unknown): unknown {
    try {
      return redact()
    } catch (error) {
      onError?.(where, error)
      return FAILED
    }
  }

  function value(key: string, given: unknown, isContent = false): unknown {
    return guarded(key, () => {
      const facts = factsOf(key)
      if (facts.isContent && dropsContent) return undefined
      if (!enabled) return given
      return walkValue((facts.isContent || isContent) && content === 'full' ? secrets : everything, facts, given)
    })
  }

  function attributes<T extends Record<string, unknown>>(given: T, isContent = false): T {
    const keys = Object.keys(given)
    let changed: Record<string, unknown> | undefined
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!
      const redacted = value(key, given[key], isContent)
      const name = enabled ? factsOf(key).name : key
      if (!changed && redacted === given[key] && name === key) continue
      changed ??= Object.fromEntries(keys.slice(0, i).map(kept => [kept, given[kept]]))
      if (redacted !== undefined) changed[name] = redacted
    }
    return (changed as T | undefined) ?? given
  }

  return {
    detectors: detectors.flatMap(detector => detector.names),
    text,
    value: (key, given) => value(key, given),
    attributes: given => attributes(given),
    ...createRecords({ text, value, attributes, dropsContent }),
  }
}
