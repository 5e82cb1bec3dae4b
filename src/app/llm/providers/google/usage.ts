// Gemini's token counts.

import type { Usage } from '../../usage'
import { count, type Doc, doc, docs, list, text } from '../../wire/json'
import type { Fields } from '../../wire/json-reader'

/** Converts `usageMetadata`, in which cached tokens are part of the prompt, and thoughts are not part of the candidates. */
export function usageOf(counts: Doc | undefined): Usage | undefined {
  if (!counts) return undefined
  const prompt = count(counts.promptTokenCount)
  const toolUse = count(counts.toolUsePromptTokenCount)
  const answer = count(counts.candidatesTokenCount) ?? count(counts.responseTokenCount) // Live's name
  const thoughts = count(counts.thoughtsTokenCount)
  if (prompt === undefined && answer === undefined && thoughts === undefined) return undefined
  const params = [...docs(counts.promptTokensDetails), ...docs(counts.toolUsePromptTokensDetails)]
  const answered = docs(counts.candidatesTokensDetails ?? counts.responseTokensDetails)
  const cached = docs(counts.cacheTokensDetails)
  return {
    input: sum(prompt, toolUse),
    output: sum(answer, thoughts),
    cacheRead: count(counts.cachedContentTokenCount),
    reasoning: thoughts,
    toolUse,
    textInput: ofKind('TEXT', params),
    audioInput: ofKind('AUDIO', params),
    imageInput: ofKind('IMAGE', params),
    videoInput: ofKind('VIDEO', params),
    textCacheRead: ofKind('TEXT', cached),
    audioCacheRead: ofKind('AUDIO', cached),
    imageCacheRead: ofKind('IMAGE', cached),
    videoCacheRead: ofKind('VIDEO', cached),
    textOutput: ofKind('TEXT', answered),
    audioOutput: ofKind('AUDIO', answered),
    imageOutput: ofKind('IMAGE', answered),
    videoOutput: ofKind('VIDEO', answered),
  }
}

/** Fields with the model's searches, without their results. */
export const groundingFields: Fields = {
  webSearchQueries: true,
  imageSearchQueries: true,
  retrievalQueries: true,
  googleMapsWidgetContextToken: true,
  groundingChunks: { '*': { maps: {} } },
}

/** The model's searches: grounding metadata has each query, and the results. */
export function searchesOf(grounding: Doc[]): Usage {
  const queries = grounding.flatMap(found => [...list(found.webSearchQueries), ...list(found.imageSearchQueries)])
  const isOnMaps = grounding.some(
    found => found.googleMapsWidgetContextToken || docs(found.groundingChunks).some(chunk => doc(chunk.maps)),
  )
  const isOwn = grounding.some(found => list(found.retrievalQueries).length > 0)
  return {
    ...(queries.length > 0 && { webSearches: queries.length }),
    ...(isOnMaps && { mapsSearches: 1 }),
    ...(isOwn && { fileSearches: 1 }),
  }
}

/** Vertex reports the traffic type in capitals (`ON_DEMAND_FLEX`), AI Studio the tier. */
export function tierOf(counts: Doc | undefined): string | undefined {
  const tier = text(counts?.serviceTier) ?? text(counts?.trafficType)
  return tier?.toLowerCase().replace(/^on_demand_(?=.)/, '')
}

/** Undefined only if both are undefined. */
export function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0)
}

function ofKind(modality: string, details: Doc[]): number | undefined {
  return details
    .filter(detail => detail.modality === modality)
    .reduce<number | undefined>((total, detail) => sum(total, count(detail.tokenCount)), undefined)
}
