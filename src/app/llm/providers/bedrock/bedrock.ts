// Parses the URL of a Bedrock request, whose path contains the model.

const MODEL = /\/model\/(.+)\/([a-z-]+)$/

export interface BedrockPath {
  /** An id, an inference profile, or the ARN of either, of a custom model or of a prompt. */
  readonly model: string
  readonly action: string
}

/** `/model/{model}/{action}`; clients escape the model, but a proxy may have unescaped it. */
export function calledIn(pathname: string): BedrockPath | undefined {
  const found = MODEL.exec(pathname)
  if (!found) return undefined
  try {
    return { model: decodeURIComponent(found[1]!), action: found[2]! }
  } catch {
    return { model: found[1]!, action: found[2]! }
  }
}
