// Gemini's token counts.

import { count, type Doc, docs } from '../../observe/wire/value'
import type { Usage } from '../../usage'

/** From `usageMetadata`, where cached tokens are a part of the prompt, and thoughts are no part of the candidates. */
export function usageOf(told: Doc | undefined): Usage | undefined {
  if (!told) return undefined
  const prompt = count(told.promptTokenCount)
  const toolUse = count(told.toolUsePromptTokenCount)
  const answer = count(told.candidatesTokenCount)
  const thoughts = count(told.thoughtsTokenCount)
  if (prompt === undefined && answer === undefined && thoughts === undefined) return undefined
  const asked = [...docs(told.promptTokensDetails), ...docs(told.toolUsePromptTokensDetails)]
  const given = docs(told.candidatesTokensDetails)
  return {
    input: sum(prompt, toolUse),
    output: sum(answer, thoughts),
    cacheRead: count(told.cachedContentTokenCount),
    reasoning: thoughts,
    toolUse,
    textInput: ofKind('TEXT', asked),
    audioInput: ofKind('AUDIO', asked),
    imageInput: ofKind('IMAGE', asked),
    audioCacheRead: ofKind('AUDIO', docs(told.cacheTokensDetails)),
    textOutput: ofKind('TEXT', given),
    audioOutput: ofKind('AUDIO', given),
    imageOutput: ofKind('IMAGE', given),
  }
}

/** Undefined only where neither was told. */
export function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0)
}

function ofKind(modality: string, details: Doc[]): number | undefined {
  return details
    .filter(detail => detail.modality === modality)
    .reduce<number | undefined>((total, detail) => sum(total, count(detail.tokenCount)), undefined)
}
