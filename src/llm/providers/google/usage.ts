// Gemini's token counts.

import { count, type Doc, docs } from '../../observe/wire/json'
import type { Usage } from '../../usage'

/** From `usageMetadata`, where cached tokens are a part of the prompt, and thoughts are no part of the candidates. */
export function usageOf(counts: Doc | undefined): Usage | undefined {
  if (!counts) return undefined
  const prompt = count(counts.promptTokenCount)
  const toolUse = count(counts.toolUsePromptTokenCount)
  const answer = count(counts.candidatesTokenCount)
  const thoughts = count(counts.thoughtsTokenCount)
  if (prompt === undefined && answer === undefined && thoughts === undefined) return undefined
  const params = [...docs(counts.promptTokensDetails), ...docs(counts.toolUsePromptTokensDetails)]
  const answered = docs(counts.candidatesTokensDetails)
  return {
    input: sum(prompt, toolUse),
    output: sum(answer, thoughts),
    cacheRead: count(counts.cachedContentTokenCount),
    reasoning: thoughts,
    toolUse,
    textInput: ofKind('TEXT', params),
    audioInput: ofKind('AUDIO', params),
    imageInput: ofKind('IMAGE', params),
    audioCacheRead: ofKind('AUDIO', docs(counts.cacheTokensDetails)),
    textOutput: ofKind('TEXT', answered),
    audioOutput: ofKind('AUDIO', answered),
    imageOutput: ofKind('IMAGE', answered),
  }
}

/** Undefined only where neither is known. */
export function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0)
}

function ofKind(modality: string, details: Doc[]): number | undefined {
  return details
    .filter(detail => detail.modality === modality)
    .reduce<number | undefined>((total, detail) => sum(total, count(detail.tokenCount)), undefined)
}
