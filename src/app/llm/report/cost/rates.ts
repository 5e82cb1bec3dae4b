// Rates by kind of token, and the cost of a call.
import type { ChargedUnit, Usage } from '../../usage'

/** USD per million tokens; for items, USD each. A part of the tokens without its own rate costs as much as the total that contains it. */
export interface Rates extends Partial<Record<PieceRate, number | undefined>> {
  readonly input?: number | undefined
  readonly output?: number | undefined
  readonly cache_read?: number | undefined
  readonly cache_write?: number | undefined
  readonly cache_write_1h?: number | undefined
  readonly cache_write_12h?: number | undefined
  readonly reasoning?: number | undefined
  readonly input_audio?: number | undefined
  readonly output_audio?: number | undefined
  readonly cache_read_audio?: number | undefined
  readonly input_image?: number | undefined
  readonly output_image?: number | undefined
  readonly cache_read_image?: number | undefined
  readonly input_video?: number | undefined
  readonly output_video?: number | undefined
  readonly cache_read_video?: number | undefined
  /** USD per request. */
  readonly request?: number | undefined
  /** Maximum number of web searches that are charged per call. */
  readonly most_searches?: number | undefined
}

export const pieceRates = {
  webSearches: 'web_search',
  fileSearches: 'file_search',
  mapsSearches: 'maps_search',
  socialSearches: 'social_search',
  codeSessions: 'code_session',
  searchUnits: 'search_unit',
  images: 'image',
  audioSeconds: 'audio_second',
  videoSeconds: 'video_second',
  computeSeconds: 'compute_second',
  characters: 'character',
  pages: 'page',
  annotatedPages: 'annotated_page',
} as const satisfies Record<ChargedUnit, string>

export type PieceRate = (typeof pieceRates)[ChargedUnit]

const pieces = Object.entries(pieceRates) as [ChargedUnit, PieceRate][]

/** The usage without a price, as a value of `afn.llm.unpriced.cause`. */
export interface UnpricedCause {
  readonly cause: string
}

/** USD */
export interface Cost {
  readonly input: number
  readonly output: number
  /** Cost of units charged by the item. */
  readonly other: number
}

/** If any usage has no rate, or can't be separated, the call gets no cost, because a partial one would be too low. */
export function costOf(rates: Rates, usage: Usage): Cost | UnpricedCause {
  if (!isPlausible(usage)) return { cause: 'usage' }
  // models that are charged only by second or page have no rate for tokens
  if ((usage.input && rates.input === undefined) || (rates.output === undefined && restOfOutput(rates, usage) > 0))
    return { cause: 'tokens' }
  let other = rates.request ?? 0
  for (const [piece, name] of pieces) {
    const used = usage[piece]
    if (!used) continue
    const rate = rates[name]
    if (rate === undefined) return { cause: name }
    other += (piece === 'webSearches' ? Math.min(used, rates.most_searches ?? used) : used) * rate
  }
  const input = inputCost(rates, usage)
  return typeof input === 'number' ? { input, output: outputCost(rates, usage), other } : input
}

/** Whether no part exceeds its total. Spans of other libraries may contain anything. */
function isPlausible(usage: Usage): boolean {
  const { input = 0, output = 0, cacheRead = 0, reasoning = 0 } = usage
  const { audioInput = 0, imageInput = 0, videoInput = 0, audioOutput = 0, imageOutput = 0, videoOutput = 0 } = usage
  const { textCacheRead = 0, audioCacheRead = 0, imageCacheRead = 0, videoCacheRead = 0 } = usage
  return (
    input >= 0 &&
    output >= 0 &&
    lifetimes(usage) <= written(usage) &&
    cacheRead + written(usage) <= input &&
    audioInput + imageInput + videoInput <= input &&
    textCacheRead + audioCacheRead + imageCacheRead + videoCacheRead <= cacheRead &&
    audioCacheRead <= audioInput &&
    imageCacheRead <= imageInput &&
    videoCacheRead <= videoInput &&
    reasoning <= output &&
    audioOutput + imageOutput + videoOutput <= output
  )
}

function lifetimes({ cacheWrite5m = 0, cacheWrite30m = 0, cacheWrite1h = 0, cacheWrite12h = 0 }: Usage): number {
  return cacheWrite5m + cacheWrite30m + cacheWrite1h + cacheWrite12h
}

function written(usage: Usage): number {
  return usage.cacheWrite ?? lifetimes(usage)
}

/** A divisor and not a factor, so that 0.0008 USD stay exact. */
const tokensOfARate = 1e6

function inputCost(rates: Rates, usage: Usage): number | UnpricedCause {
  const { input = 0, cacheRead = 0, cacheWrite1h = 0, cacheWrite12h = 0 } = usage
  const { input: whole = 0 } = rates
  if (cacheWrite1h > 0 && rates.cache_write_1h === undefined) return { cause: 'cache_write_1h' }
  if (cacheWrite12h > 0 && rates.cache_write_12h === undefined) return { cause: 'cache_write_12h' }
  const wrote = written(usage)
  const read = rates.cache_read ?? whole
  let cost =
    (wrote - cacheWrite1h - cacheWrite12h) * (rates.cache_write ?? whole) +
    cacheWrite1h * (rates.cache_write_1h ?? 0) +
    cacheWrite12h * (rates.cache_write_12h ?? 0)
  let fresh = input - cacheRead - wrote
  let cached = cacheRead
  if (!usage.audioInput && !usage.imageInput && !usage.videoInput) {
    return (cost + fresh * whole + cached * read) / tokensOfARate
  }
  const { textCacheRead = 0, audioCacheRead = 0, imageCacheRead = 0, videoCacheRead = 0 } = usage
  const isCacheKnown = textCacheRead + audioCacheRead + imageCacheRead + videoCacheRead === cacheRead
  for (const [kind, cachedKind, rate, cachedRate] of inputParts) {
    const count = usage[kind]
    const own = rates[rate] ?? whole
    const ownRead = rates[cachedRate] ?? read
    if (!count || (own === whole && ownRead === read)) continue
    const ownCached = usage[cachedKind] ?? (isCacheKnown ? 0 : undefined)
    // unknown how much of the cached input is of this kind, or the cache rate of this kind
    if (ownCached === undefined || (ownCached > 0 && own !== whole && rates[cachedRate] === undefined))
      return { cause: cachedRate }
    cost += (count - ownCached) * own + ownCached * ownRead
    fresh -= count - ownCached
    cached -= ownCached
  }
  return (cost + fresh * whole + cached * read) / tokensOfARate
}

const inputParts = [
  ['audioInput', 'audioCacheRead', 'input_audio', 'cache_read_audio'],
  ['imageInput', 'imageCacheRead', 'input_image', 'cache_read_image'],
  ['videoInput', 'videoCacheRead', 'input_video', 'cache_read_video'],
] as const

function outputCost(rates: Rates, usage: Usage): number {
  const { output = 0 } = usage
  const { output: whole = 0 } = rates
  let [cost, rest] = [0, output]
  for (const [kind, rate] of outputParts) {
    const count = usage[kind]
    if (!count) continue
    cost += count * (rates[rate] ?? whole)
    rest -= count
  }
  return (cost + rest * whole) / tokensOfARate
}

/** The output without its own rate: images have one unless there is no other output. */
function restOfOutput(rates: Rates, usage: Usage): number {
  let { output: rest = 0 } = usage
  for (const [kind, rate] of outputParts) if (rates[rate] !== undefined) rest -= usage[kind] ?? 0
  return rest
}

const outputParts = [
  ['reasoning', 'reasoning'],
  ['audioOutput', 'output_audio'],
  ['imageOutput', 'output_image'],
  ['videoOutput', 'output_video'],
] as const
