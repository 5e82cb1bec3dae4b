// Parses the URL of a Google request, whose path contains the model and the method.
import { GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI, GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI } from '../../../../../semconv'

const METHOD = /([^/]+)(?::|%3A)(\w+)$/i

export interface GooglePath {
  readonly model: string
  readonly method: string
}

/** `…/models/{model}:{method}`, with any prefix of a proxy. */
export function calledIn(pathname: string): GooglePath | undefined {
  const found = METHOD.exec(pathname)
  return found ? { model: decoded(found[1]!), method: found[2]! } : undefined
}

/** Behind a proxy, the path decides: that of AI Studio has neither projects nor publishers. */
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
