// Finds the error in an answer, whichever of the shapes in use it has.

import { doc, number, text } from '../wire/json'
import type { Fields } from '../wire/json-reader'
import type { ProviderError } from './protocol'

/** An error's type is a dimension of metrics: a sentence, which some hosts send as code, is no type. */
const NAME = /^[\w.:-]{1,64}$/

/** Where errors stand: at the top those of vLLM, Mistral and xAI, in a list Gemini's. */
export const errorFields: Fields = {
  error: true,
  object: true,
  type: true,
  code: true,
  message: true,
  '*': { error: true },
}

export function errorIn(document: unknown): ProviderError | undefined {
  const answer = doc(Array.isArray(document) ? document[0] : document)
  if (!answer) return undefined
  const error = answer.error
  if (typeof error === 'string') return { type: name(answer.code), message: error }
  const found = doc(error) ?? (answer.object === 'error' ? answer : undefined)
  if (!found) return undefined
  // The provider's code, else its type, else (Google) its status; a code that is a number mostly repeats the HTTP status.
  const type = name(found.code) ?? name(found.type) ?? name(found.status) ?? number(found.code)?.toString()
  return { type, message: text(found.message) }
}

function name(value: unknown): string | undefined {
  return typeof value === 'string' && NAME.test(value) && !/^\d+$/.test(value) ? value : undefined
}
