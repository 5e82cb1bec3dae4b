// How a failure is named in `error.type`.
import { type Span, SpanStatusCode } from '@opentelemetry/api'
import {
  AFN_LLM_STREAM_END_VALUE_CUT,
  ATTR_AFN_LLM_ERROR_TYPE,
  ATTR_ERROR_TYPE,
  ERROR_TYPE_VALUE_OTHER,
} from '../../../semconv'
import type { ProviderError } from '../providers/protocol'
import { bounded } from './response-attributes'

/** How the reading of an answer ended. */
export type End =
  /** The server ended it; `forgotten` when that was told only long after. */
  | { readonly by: 'server'; readonly forgotten?: boolean }
  /** The application stopped; `forgotten` when no event reported that, and it was noticed long after. */
  | { readonly by: 'consumer'; readonly forgotten?: boolean }
  | { readonly by: 'error'; readonly error: unknown }

export interface Failure {
  /** `error.type` */
  readonly type: string | undefined
  /** `afn.llm.error.type` */
  readonly providerType?: string | undefined
  readonly message?: string | undefined
}

interface Ended {
  /** Of an answer that says that it failed. */
  readonly status: number | undefined
  readonly providerError: ProviderError | undefined
  /** What ended the reading of the answer. */
  readonly error: unknown
  readonly cut: boolean
  readonly aborted: boolean
  /** A timer that was set for the call aborted it. */
  readonly deadline: boolean
}

/** Undefined where a call has not failed. */
export function failureOf({ status, providerError, error, cut, aborted, deadline }: Ended): Failure | undefined {
  if (status !== undefined || providerError) {
    // A client leaves the body of an attempt that it repeats unread. The status is the one name that all attempts have.
    const type = status === undefined ? (providerError?.type ?? ERROR_TYPE_VALUE_OTHER) : String(status)
    return { type, providerType: providerError?.type, message: providerError?.message }
  }
  if (cut) {
    const message = error instanceof Error ? error.message : 'The answer ended before its documented end'
    // a connection that ends early but in good order has no error to name
    return { type: error === undefined ? AFN_LLM_STREAM_END_VALUE_CUT : failureName(error), message }
  }
  // Stopping is the application's right and no failure, so an abort leaves the status unset; a deadline that passed is one.
  const isTimeout = deadline || (aborted && (error as Error | undefined)?.name === 'TimeoutError')
  return isTimeout ? { type: 'TimeoutError' } : undefined
}

/**
 * @param content whether content is exported; else a message is shown without what it quotes of it
 * @param request see `withoutQuotations`
 */
export function setFailure(
  span: Span,
  { type, providerType, message }: Failure,
  content: boolean,
  request: string | Uint8Array | undefined,
): void {
  span.setAttributes(bounded({ [ATTR_ERROR_TYPE]: type, [ATTR_AFN_LLM_ERROR_TYPE]: providerType }))
  const shown = message && !content ? withoutQuotations(message, request) : message
  span.setStatus({ code: SpanStatusCode.ERROR, ...(shown && { message: shown.slice(0, 512) }) })
}

/** undici's errors say `fetch failed`; what happened stands in the cause. */
export function failureName(error: unknown): string {
  return named((error as Error | undefined)?.cause) ?? named(error) ?? ERROR_TYPE_VALUE_OTHER
}

function named(error: unknown): string | undefined {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  if (typeof code === 'string' && code) return code
  return typeof name === 'string' && name !== '' && name !== 'Error' ? name : undefined
}

// A provider's error message without what it quotes of the request: validators repeat the prompt that they refuse.

const ELLIPSIS = '…'
/** Names of parameters and models. A message of a person has spaces, or letters beyond ASCII. */
const IDENTIFIER = /^[\w.:/[\]-]{1,64}$/
/** What the words before a quotation announce is a value of the request, even if it looks like a name. */
const VALUE = /(?:(?:input(?:_value)?|value|got|received)\s*[=:]\s*)$/i
/** A quotation ends with its mark, or with the message. An apostrophe inside of a word is none. */
const QUOTED =
  /"(?:[^"\\]|\\.)*(?:"|$)|(?<!\w)'(?:[^'\\]|\\.|'(?=\w))*(?:'|$)|`[^`]*(?:`|$)|[“„][^”]*(?:”|$)|‘(?:[^’]|’(?=\w))*(?:’|$)|«[^»]*(?:»|$)|「[^」]*(?:」|$)/gsu
/** `input_value=`, `Input:` without quotation marks: up to the next part of the message. */
const BARE_VALUE = /\b(input(?:_value)?\s*[=:]\s*)(?!["'`“„‘«「…])[^\n]*?(?=,\s*\w+\s*=|[\])}]|\n|$)/gi

/** Characters of a message that are read. A span shows fewer. */
const LONGEST = 2048
/** So many characters of the request in a row are a quotation without marks. */
const RUN = 20
const BLOCK = RUN / 2
/** Characters of the request that are looked at: its end, where the newest message stands. */
const MOST_OF_REQUEST = 2 ** 18

/**
 * @param request the body as it was sent; undefined where it is not known
 * @returns the message; what it quotes is `…`, but for names
 */
export function withoutQuotations(message: string, request: string | Uint8Array | undefined): string {
  const unquoted = message
    .slice(0, LONGEST)
    .replace(QUOTED, (quotation, at: number) => {
      const isName = IDENTIFIER.test(quotation.slice(1, -1)) && !VALUE.test(message.slice(Math.max(0, at - 40), at))
      return isName ? quotation : `${quotation[0]}${ELLIPSIS}${quotation.length > 1 ? quotation.at(-1) : ''}`
    })
    .replace(BARE_VALUE, `$1${ELLIPSIS}`)
  return request === undefined ? unquoted : withoutRuns(unquoted, searchIn(request))
}

/** Looks for a text as JSON writes it. */
function searchIn(request: string | Uint8Array): (text: string) => boolean {
  const end =
    typeof request === 'string'
      ? request.slice(-MOST_OF_REQUEST)
      : Buffer.from(request.buffer, request.byteOffset, request.byteLength).subarray(-MOST_OF_REQUEST)
  return text => end.includes(JSON.stringify(text).slice(1, -1))
}

/** Each run holds a whole block, wherever it begins: the runs around a block that is found are looked for one by one. */
function withoutRuns(message: string, has: (text: string) => boolean): string {
  const cut = new Set<number>()
  for (let block = 0; block + BLOCK <= message.length; block += BLOCK) {
    if (!has(message.slice(block, block + BLOCK))) continue
    for (let at = Math.max(0, block - BLOCK); at <= block; at++) {
      const run = message.slice(at, at + RUN)
      if (run.length === RUN && !IDENTIFIER.test(run) && has(run)) for (let i = at; i < at + RUN; i++) cut.add(i)
    }
  }
  if (cut.size === 0) return message
  const shown = (character: string, at: number) => (!cut.has(at) ? character : cut.has(at - 1) ? '' : ELLIPSIS)
  return message.split('').map(shown).join('')
}
