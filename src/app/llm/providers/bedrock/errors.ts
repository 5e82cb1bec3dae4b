// Finds the error in an answer of AWS.

import { doc, text } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'
import type { HeaderOf, ProviderError } from '../protocol'

export const errorFields: Fields = { message: true, Message: true, __type: true, code: true, error: true }

/**
 * The body of an error is little more than its message; the type stands in a header, or with its namespace in the body:
 * `ThrottlingException:http://internal.amazon.com/…`, `com.amazon.coral.service#ThrottlingException`. An answer that is no
 * error may have that header, too.
 */
export function errorIn(document: unknown, header: HeaderOf): ProviderError | undefined {
  const answer = doc(document)
  const error = doc(answer?.error)
  if (error) return { type: text(error.type), message: text(error.message) }
  const message = text(answer?.message) ?? text(answer?.Message)
  const named = text(header('x-amzn-errortype')) ?? text(answer?.__type) ?? text(answer?.code)
  if (!answer || (message === undefined && answer.__type === undefined)) return undefined
  return { type: named?.split(':', 1)[0]?.replace(/^.*#/, '') || undefined, message }
}

/** An exception among the frames of a stream, as the document that an answer without a stream would have. */
export function exceptionOf(type: string, exception: unknown): { error: { type: string; message: unknown } } {
  // On the wire the name begins small; the SDKs and the other errors write it large.
  return { error: { type: type.charAt(0).toUpperCase() + type.slice(1), message: doc(exception)?.message } }
}
