// Asks the budget guard whether a call may be sent, and notifies the guard when the call ends.
import type { ProtocolName, SocketProtocolName } from '../providers/paths'
import type { ParsedRequest } from '../providers/protocol'
import { providerOf } from '../providers/providers'
import type { Doc } from '../wire/json'
import type { CallOptions } from './call-options'
import type { Admission, CallGuard, Door } from './options'

/** A call that waits for the guard's decision. */
export interface Admitting {
  readonly admission: Admission
  /** Options for the call. */
  readonly callOptions: CallOptions
}

/** @returns undefined if the call may be sent at once */
export function admit(
  guard: CallGuard,
  options: CallOptions,
  protocol: ProtocolName,
  parsed: ParsedRequest,
  body: string | Uint8Array,
  form?: FormData,
): Admitting | undefined {
  const { url, parent, ends } = options
  if (options.protocol.apart) return undefined
  const provider = providerOf(url, parsed.provider ?? options.protocol.provider)
  const call = { protocol, reader: options.protocol, provider, url, parsed, body, form, context: parent }
  const admission = guard.open(call)
  if (!admission) return undefined
  return {
    admission,
    callOptions: {
      ...options,
      answered: admission.answered && (answer => admission.answered?.(answer)),
      ends(span, counts) {
        ends?.(span, counts)
        admission.ends(span, counts)
      },
    },
  }
}

/** Like `admit`, for a call that is sent in any case. @param document the part of its body parsed so far @returns options for the call */
export function pass(
  guard: CallGuard,
  options: CallOptions,
  protocol: ProtocolName | SocketProtocolName,
  parsed: ParsedRequest,
  body: string | Uint8Array,
  door: Door,
  document?: Doc,
): CallOptions {
  const { url, parent, ends, protocol: reader } = options
  const provider = providerOf(url, parsed.provider ?? reader.provider)
  const passing = guard.pass({ protocol, reader, provider, url, parsed, body, document, context: parent }, door)
  if (!passing) return options
  return {
    ...options,
    answered: passing.answered && (answer => passing.answered?.(answer)),
    ends(span, usage) {
      ends?.(span, usage)
      passing.ends(span, usage)
    },
  }
}
