// What the URL of a Google request says. The model and the method stand in the path.
import { GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI, GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI } from '../../../../../semconv'

const METHOD = /([^/]+)(?::|%3A)(\w+)$/i

export interface GooglePath {
  readonly model: string
  readonly method: string
}

/** `…/models/{model}:{method}`, whatever a proxy puts before it. */
export function calledIn(pathname: string): GooglePath | undefined {
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
