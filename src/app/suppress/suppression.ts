/**
 * Chunk `suppression`: what keeps the telemetry of subjects who objected in this process (AFN_SUPPRESSION_LIST). Everything else is let
 * through as it is.
 */
import { type Context, propagation } from '@opentelemetry/api'
import { keyIdOf, readKeyFile } from '../../shared/config/hmac-key'
import type { Settings } from '../../shared/config/settings'
import type { Code } from '../../shared/diag/codes'
import type { Document } from '../../shared/otlp/schema'
import { handlesBy, subjectKeys } from './list'
import { type RequestSignal, removeRecords } from './request'
import { watchList } from './source'
import { type Attributes, Subjects } from './subjects'

export interface SuppressedCounts {
  spans: number
  logs: number
}

/** A span or log record on its way out. */
export interface Leaving {
  readonly traceId: string | undefined
  readonly attributes: Attributes
  readonly resource: { readonly attributes: Attributes }
}

export interface Suppression {
  /** What was kept back so far. */
  readonly counts: Readonly<SuppressedCounts>
  /** Subjects' handles that are known, and how often the list was looked at. */
  readonly list: { readonly handles: number; readonly polls: number }
  /** Resolves when the list was read once, or could not be. */
  readonly ready: Promise<void>
  /** Whether a value, such as a `user.id`, names a subject who objected. */
  has(value: string): boolean
  /** Whether a trace is that of a subject who objected alone. */
  isTheirs(traceId: string): boolean
  /** A span began: it says whose its trace is, and so may the baggage. */
  started(traceId: string, attributes: Attributes, context: Context): void
  /** Takes in what a record says of persons. */
  see(traceId: string | undefined, attributes: Attributes): void
  /** Whether a record must not leave. Before its redaction, which may hide who it names. */
  suppresses(record: Leaving): boolean
  /** The same; where it is so, the record is counted as kept back. */
  keepsBack(signal: keyof SuppressedCounts, record: Leaving): boolean
  /** The same of a record that waits and is redacted. */
  keepsWaiting(signal: keyof SuppressedCounts, record: Leaving): boolean
  /** Takes such records out of a request of OTLP in its JSON shape, in place. @returns how many are left */
  remove(signal: RequestSignal, request: Document): number
  stop(): void
}

type Report = (code: Code, message: string) => void

/** @returns undefined where there is no list, or no key to read it by, which is reported */
export function createSuppression(settings: Settings, report: Report): Suppression | undefined {
  const { suppressionList: location, suppressionInterval: intervalMs } = settings
  if (location === undefined) return undefined
  const key = keyOf(settings, report)
  if (key === undefined) return undefined
  const ours = keyIdOf(key)
  const subjects = new Subjects(handlesBy(key))
  const counts: SuppressedCounts = { spans: 0, logs: 0 }
  const source = watchList({
    location,
    intervalMs,
    onList({ keyId, handles }) {
      if (keyId === ours) return subjects.replace(handles)
      report(
        'AFN145',
        `AFN_SUPPRESSION_LIST was made with the key ${keyId}, and the key here is ${ours}; what was read before stays in force. Give both the same AFN_SUPPRESSION_KEY_FILE or AFN_HMAC_KEY`,
      )
    },
    onProblem(why) {
      report(
        'AFN144',
        `AFN_SUPPRESSION_LIST could not be read (${why}); ${subjects.size > 0 ? 'the list that was read before stays in force' : 'nobody is suppressed until it can be'}`,
      )
    },
  })
  const suppresses = ({ traceId, attributes, resource }: Leaving) => subjects.suppresses(traceId, attributes, resource)
  const counted = (signal: keyof SuppressedCounts, isKept: boolean) => {
    if (isKept) counts[signal]++
    return isKept
  }
  return {
    counts,
    get list() {
      return { handles: subjects.size, polls: source.polls }
    },
    ready: source.ready,
    isTheirs: traceId => subjects.suppressesWaiting(traceId, {}),
    has: value => subjects.has(value),
    started(traceId, attributes, context) {
      subjects.see(traceId, attributes)
      const baggage = propagation.getBaggage(context)
      if (!baggage) return
      const named: Record<string, string> = {}
      for (const name of subjectKeys) {
        const entry = baggage.getEntry(name)
        if (entry) named[name] = entry.value
      }
      subjects.see(traceId, named)
    },
    see: (traceId, attributes) => subjects.see(traceId, attributes),
    suppresses,
    keepsBack: (signal, record) => counted(signal, suppresses(record)),
    keepsWaiting: (signal, { traceId, attributes }) => counted(signal, subjects.suppressesWaiting(traceId, attributes)),
    remove: (signal, request) => removeRecords(signal, request, subjects),
    stop: () => source.stop(),
  }
}

/** The list may have a key of its own, which stays when that of the pseudonyms is changed: its handles can't be made anew. */
function keyOf({ suppressionKeyFile, hmacKey, hmacKeyFile }: Settings, report: Report): string | undefined {
  const file = suppressionKeyFile ?? (hmacKey === undefined ? hmacKeyFile : undefined)
  if (file === undefined) {
    if (hmacKey === undefined)
      report('AFN145', 'AFN_SUPPRESSION_LIST needs AFN_SUPPRESSION_KEY_FILE or AFN_HMAC_KEY; nobody is suppressed')
    return hmacKey
  }
  try {
    return readKeyFile(file)
  } catch (error) {
    report(
      'AFN145',
      `the key of AFN_SUPPRESSION_LIST could not be read (${(error as Error).message}); nobody is suppressed`,
    )
    return undefined
  }
}
