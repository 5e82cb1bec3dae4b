// What the URL of a Google request says. The model and the method stand in the path.
import { GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI, GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI } from '../../../../semconv'
import type { Doc } from '../../observe/wire/json'

const METHOD = /([^/]+)(?::|%3A)(\w+)$/i

export interface Called {
  readonly model: string
  readonly method: string
}

/** `…/models/{model}:{method}`, whatever a proxy puts before it. */
export function calledIn(pathname: string): Called | undefined {
  const found = METHOD.exec(pathname)
  return found ? { model: decoded(found[1]!), method: found[2]! } : undefined
}

/** Behind a proxy the shape of the path tells: AI Studio's has neither projects nor publishers. */
export function providerIn({ hostname, pathname }: URL): string {
  return hostname.endsWith('aiplatform.googleapis.com') || /\/(?:publishers|projects)\/[^/]+\//.test(pathname)
    ? GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI
    : GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

// Reads members of Google's documents. Requests may be written in both of the styles that protobuf's JSON allows,
// `maxOutputTokens` and `max_output_tokens`; answers come in the first.

/** @param name in camel case */
export function member(from: Doc | undefined, name: string): unknown {
  return from?.[name] ?? from?.[snake(name)]
}

/** Fields of a request in both styles. */
export function inBothStyles(...names: string[]): Record<string, true> {
  return Object.fromEntries(names.flatMap(name => [name, snake(name)]).map(name => [name, true]))
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}
