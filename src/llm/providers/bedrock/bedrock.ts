// What the URL of a Bedrock request says. The model stands in the path.
import type { Fields } from '../../observe/wire/json'
import { doc, text } from '../../observe/wire/json'
import type { HeaderOf, ProviderError } from '../protocol'

const MODEL = /\/model\/(.+)\/([a-z-]+)$/

export interface Called {
  /** An id, an inference profile, or the ARN of either, of a model of one's own or of a prompt. */
  readonly model: string
  readonly action: string
}

/** `/model/{model}/{action}`; clients escape the model, but a proxy may have undone that. */
export function calledIn(pathname: string): Called | undefined {
  const found = MODEL.exec(pathname)
  if (!found) return undefined
  try {
    return { model: decodeURIComponent(found[1]!), action: found[2]! }
  } catch {
    return { model: found[1]!, action: found[2]! }
  }
}

// Finds the error in an answer of AWS.

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
