// Finds the error in an AWS response.

import { doc, text } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'
import type { HeaderOf, ProviderError } from '../protocol'

export const errorFields: Fields = { message: true, Message: true, __type: true, code: true, error: true }

/**
 * The body of an error has little more than its message. The type is in a header, or with its namespace in the body:
 * `ThrottlingException:http://internal.amazon.com/…`, `com.amazon.coral.service#ThrottlingException`. Successful responses may have that
 * header, too.
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

/** Converts an exception frame of a stream to the error document of a non-streamed answer. */
export function exceptionOf(type: string, exception: unknown): { error: { type: string; message: unknown } } {
  // Exception frames have names in lower camel case; the SDKs and other errors capitalize them.
  return { error: { type: type.charAt(0).toUpperCase() + type.slice(1), message: doc(exception)?.message } }
}
