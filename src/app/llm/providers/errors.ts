// Finds the error in an answer, in any of the known formats.

import { doc, number, text } from '../wire/json'
import type { Fields } from '../wire/json-reader'
import type { ProviderError } from './protocol'

/** An error's type is an attribute of metrics. Some hosts send a sentence as the code, which is not usable as a type. */
const NAME = /^[\w.:-]{1,64}$/

/** Fields with errors: top-level ones of vLLM, Mistral and xAI, and Gemini's list. */
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
  // The provider's code, otherwise its type, otherwise (Google) its status; a numeric code usually repeats the HTTP status.
  const type = name(found.code) ?? name(found.type) ?? name(found.status) ?? number(found.code)?.toString()
  return { type, message: text(found.message) }
}

function name(value: unknown): string | undefined {
  return typeof value === 'string' && NAME.test(value) && !/^\d+$/.test(value) ? value : undefined
}
