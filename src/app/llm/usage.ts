// Token usage in a common format, and as attributes. Every detail is part of its total: `input` includes cached tokens, `output` includes
// reasoning.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_USAGE_ANNOTATED_PAGES,
  ATTR_AFN_LLM_USAGE_AUDIO_SECONDS,
  ATTR_AFN_LLM_USAGE_CACHE_WRITE_1H_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_CACHE_WRITE_5M_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_CACHE_WRITE_12H_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_CACHE_WRITE_30M_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_CHARACTERS,
  ATTR_AFN_LLM_USAGE_CODE_SESSIONS,
  ATTR_AFN_LLM_USAGE_COMPUTE_SECONDS,
  ATTR_AFN_LLM_USAGE_FILE_SEARCHES,
  ATTR_AFN_LLM_USAGE_IMAGES,
  ATTR_AFN_LLM_USAGE_MAPS_SEARCHES,
  ATTR_AFN_LLM_USAGE_PAGES,
  ATTR_AFN_LLM_USAGE_SEARCH_UNITS,
  ATTR_AFN_LLM_USAGE_SOCIAL_SEARCHES,
  ATTR_AFN_LLM_USAGE_TOOL_USE_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_VIDEO_CACHE_READ_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_VIDEO_INPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_VIDEO_OUTPUT_TOKENS,
  ATTR_AFN_LLM_USAGE_VIDEO_SECONDS,
  ATTR_AFN_LLM_USAGE_WEB_SEARCHES,
  ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS,
} from '../../../semconv'

/** A count that the provider did not report is undefined, never 0. */
export interface Usage {
  readonly input?: number | undefined
  readonly output?: number | undefined
  readonly cacheRead?: number | undefined
  readonly cacheWrite?: number | undefined
  readonly cacheWrite5m?: number | undefined
  readonly cacheWrite30m?: number | undefined
  readonly cacheWrite1h?: number | undefined
  readonly cacheWrite12h?: number | undefined
  readonly reasoning?: number | undefined
  /** The part of `input` for results of the provider's own tools. */
  readonly toolUse?: number | undefined
  readonly textInput?: number | undefined
  readonly textOutput?: number | undefined
  readonly audioInput?: number | undefined
  readonly audioOutput?: number | undefined
  readonly imageInput?: number | undefined
  readonly imageOutput?: number | undefined
  readonly videoInput?: number | undefined
  readonly videoOutput?: number | undefined
  /** Parts of `cacheRead`. */
  readonly textCacheRead?: number | undefined
  readonly audioCacheRead?: number | undefined
  readonly imageCacheRead?: number | undefined
  readonly videoCacheRead?: number | undefined

  // Units charged besides tokens, or instead of them: only the amount that is charged.
  readonly webSearches?: number | undefined
  readonly fileSearches?: number | undefined
  readonly mapsSearches?: number | undefined
  readonly socialSearches?: number | undefined
  readonly codeSessions?: number | undefined
  readonly searchUnits?: number | undefined
  readonly images?: number | undefined
  readonly audioSeconds?: number | undefined
  readonly videoSeconds?: number | undefined
  readonly computeSeconds?: number | undefined
  readonly characters?: number | undefined
  readonly pages?: number | undefined
  readonly annotatedPages?: number | undefined
}

/** Usage of one model run, if an answer took several. */
export interface Iteration {
  readonly usage: Usage
  /** Set for a run of another component of the provider than the answering model, which is a separate call. */
  readonly hosted?: { readonly operation: string; readonly model: string | undefined }
}

const tokens = {
  input: ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  output: ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  cacheRead: ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  cacheWrite: ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  cacheWrite5m: ATTR_AFN_LLM_USAGE_CACHE_WRITE_5M_INPUT_TOKENS,
  cacheWrite30m: ATTR_AFN_LLM_USAGE_CACHE_WRITE_30M_INPUT_TOKENS,
  cacheWrite1h: ATTR_AFN_LLM_USAGE_CACHE_WRITE_1H_INPUT_TOKENS,
  cacheWrite12h: ATTR_AFN_LLM_USAGE_CACHE_WRITE_12H_INPUT_TOKENS,
  reasoning: ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  toolUse: ATTR_AFN_LLM_USAGE_TOOL_USE_INPUT_TOKENS,
  textInput: ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS,
  textOutput: ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS,
  audioInput: ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  audioOutput: ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  imageInput: ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  imageOutput: ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
  videoInput: ATTR_AFN_LLM_USAGE_VIDEO_INPUT_TOKENS,
  videoOutput: ATTR_AFN_LLM_USAGE_VIDEO_OUTPUT_TOKENS,
  textCacheRead: ATTR_GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS,
  audioCacheRead: ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS,
  imageCacheRead: ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS,
  videoCacheRead: ATTR_AFN_LLM_USAGE_VIDEO_CACHE_READ_INPUT_TOKENS,
}

const pieces = {
  webSearches: ATTR_AFN_LLM_USAGE_WEB_SEARCHES,
  fileSearches: ATTR_AFN_LLM_USAGE_FILE_SEARCHES,
  mapsSearches: ATTR_AFN_LLM_USAGE_MAPS_SEARCHES,
  socialSearches: ATTR_AFN_LLM_USAGE_SOCIAL_SEARCHES,
  codeSessions: ATTR_AFN_LLM_USAGE_CODE_SESSIONS,
  searchUnits: ATTR_AFN_LLM_USAGE_SEARCH_UNITS,
  images: ATTR_AFN_LLM_USAGE_IMAGES,
  audioSeconds: ATTR_AFN_LLM_USAGE_AUDIO_SECONDS,
  videoSeconds: ATTR_AFN_LLM_USAGE_VIDEO_SECONDS,
  computeSeconds: ATTR_AFN_LLM_USAGE_COMPUTE_SECONDS,
  characters: ATTR_AFN_LLM_USAGE_CHARACTERS,
  pages: ATTR_AFN_LLM_USAGE_PAGES,
  annotatedPages: ATTR_AFN_LLM_USAGE_ANNOTATED_PAGES,
}

/** Units charged besides tokens. */
export type ChargedUnit = keyof typeof pieces

const names = Object.entries({ ...tokens, ...pieces } satisfies Record<keyof Usage, string>) as [keyof Usage, string][]
const seconds: ReadonlySet<string> = new Set(['audioSeconds', 'videoSeconds', 'computeSeconds'] satisfies ChargedUnit[])

export function usageAttributes(usage: Usage): Attributes {
  const attributes: Attributes = {}
  for (const [kind, name] of names) if (usage[kind] !== undefined) attributes[name] = usage[kind]
  return attributes
}

const addable = Object.keys(tokens) as (keyof typeof tokens)[]

export function sumOf(usages: readonly Usage[]): Usage {
  const sum: { -readonly [kind in keyof Usage]: Usage[kind] } = {}
  for (const usage of usages) {
    for (const kind of addable) {
      const count = usage[kind]
      if (count !== undefined) sum[kind] = (sum[kind] ?? 0) + count
    }
  }
  return sum
}

/** Reads the usage attributes of a span, which may have any value on a span of another library. */
export function usageOf(attributes: Readonly<Record<string, unknown>>): Usage {
  const usage: { -readonly [kind in keyof Usage]: Usage[kind] } = {}
  for (const [kind, name] of names) {
    const count = attributes[name]
    if (count !== undefined) usage[kind] = count as number
  }
  return usage
}

/** @returns the same object if all values are valid; otherwise the valid ones, because one NaN would make a sum NaN permanently */
export function countsOf(usage: Usage): Usage {
  let counts: { -readonly [kind in keyof Usage]: Usage[kind] } = usage
  for (const kind in usage) {
    const count = usage[kind as keyof Usage]
    if (count === undefined) continue
    const isCount = seconds.has(kind) ? Number.isFinite(count) : Number.isSafeInteger(count)
    if (isCount && count >= 0) continue
    if (counts === usage) counts = { ...usage }
    delete counts[kind as keyof Usage]
  }
  return counts
}

/** Whether the modality of all tokens is known (text, audio or others), because prices differ by modality. */
export function tellsModalities(usage: Usage): boolean {
  const { input, output, textInput, audioInput, imageInput, textOutput, audioOutput, imageOutput } = usage
  const isInputTold = !input || (textInput ?? audioInput ?? imageInput) !== undefined
  return isInputTold && (!output || (textOutput ?? audioOutput ?? imageOutput) !== undefined)
}

/** Whether a span has the number of used tokens. */
export function hasUsage(attributes: Readonly<Attributes>): boolean {
  return (
    attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS] !== undefined ||
    attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] !== undefined
  )
}

/** Tokens that a model uses besides its answer: a call with only these has not reported the usage of its answer. */
const besideTheAnswer: readonly string[] = [
  'webSearches',
  'fileSearches',
  'mapsSearches',
  'socialSearches',
  'codeSessions',
] satisfies ChargedUnit[]
const inPlaceOfTokens = (Object.keys(pieces) as ChargedUnit[]).filter(piece => !besideTheAnswer.includes(piece))

/** Whether the usage of units that are charged instead of tokens is known. */
export function hasPieces(usage: Usage): boolean {
  for (const piece of inPlaceOfTokens) if (usage[piece] !== undefined) return true
  return false
}
