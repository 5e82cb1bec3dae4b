// The bound of images that are made: by the piece, or by the tokens that OpenAI documents for their size and quality.
import { count, type Doc, doc, parsed, text } from '../llm/wire/json'
import { bodyText } from './body-text'
import type { Bound, BoundedRequest, Unbounded } from './bounded-request'

const FRAME = 64
/** Tokens of each image that a stream shows before it is whole; there are three at most. */
const [PARTIAL, MOST_PARTIAL] = [100, 3]

export function boundOfImages({ parsed: { model = '', choices }, url, body }: BoundedRequest): Bound | Unbounded {
  const request = doc(parsed(bodyText(body)))
  if (!url.pathname.endsWith('/generations') || !request)
    return { problem: 'what the image takes that it edits or varies is not documented' }
  const images = Math.max(1, choices)
  const input = Buffer.byteLength(bodyText(body)) + FRAME
  if (!/gpt-image/i.test(model))
    return { usage: { input, images }, or: { images }, hasLongCache: false, hasMedia: false }
  const each = tokensOf(model.toLowerCase(), request)
  if (each === undefined) return { problem: `how many tokens an image of ${model} takes is not documented` }
  const partial = request.stream === true ? (count(request.partial_images) ?? MOST_PARTIAL) * PARTIAL : 0
  const output = images * (each + partial)
  return { usage: { input, output, imageOutput: output }, hasLongCache: false, hasMedia: true }
}

/** Where the request does not say how many: ai.google.dev/gemini-api/docs/imagen. */
const IMAGES_OF_IMAGEN = 4

export function boundOfPredictedImages({ url, body }: BoundedRequest): Bound | Unbounded {
  if (!/(?::|%3A)predict$/i.test(url.pathname))
    return { problem: 'its answer is fetched later, in a request of its own' }
  const request = doc(parsed(bodyText(body)))
  const instances = Array.isArray(request?.instances) ? request.instances.length : 1
  const images = instances * (count(doc(request?.parameters)?.sampleCount) ?? IMAGES_OF_IMAGEN)
  return { usage: { images }, hasLongCache: false, hasMedia: false }
}

type Table = ReadonlyMap<string, readonly [square: number, other: number]>

/** developers.openai.com/api/docs/guides/image-generation. */
const TOKENS: Table = new Map([
  ['low', [272, 408]],
  ['medium', [1_056, 1_584]],
  ['high', [4_160, 6_240]],
])
/** The same page has only prices of its images, at USD 8 for a million tokens and rounded to a tenth of a cent: the most that they can be. */
const TOKENS_OF_MINI: Table = new Map([
  ['low', [688, 813]],
  ['medium', [1_438, 1_938]],
  ['high', [4_563, 6_563]],
])
/** How fine the page's calculator counts an image of gpt-image-2, by quality. */
const STEPS: ReadonlyMap<string, number> = new Map([
  ['low', 16],
  ['medium', 48],
])
const MOST_STEPS = 96
/** Of the largest image that may be requested. */
const MOST_PIXELS = 8_294_400

/** What the request leaves to the model counts as the dearest. */
function tokensOf(model: string, { size, quality }: Doc): number | undefined {
  const named = text(quality) ?? 'auto'
  const pixels = pixelsOf(text(size))
  const ofSecond = /gpt-image-2(\.5-(?:flare|sunburst))?(?:-\d{4}-\d\d-\d\d)?$/.exec(model)
  if (ofSecond) {
    // qualities of the later ones are finer, and no text says by how much
    const steps = ofSecond[1] === undefined ? (STEPS.get(named) ?? MOST_STEPS) : MOST_STEPS
    // a square has more than another shape of as many pixels
    return Math.ceil((steps * steps * (2_000_000 + pixels)) / 4_000_000)
  }
  const table = /gpt-image-1-mini$/.test(model) ? TOKENS_OF_MINI : /gpt-image-1$/.test(model) ? TOKENS : undefined
  const [square, other] = table?.get(named) ?? table?.get('high') ?? []
  return pixels === 1_024 * 1_024 ? square : other
}

function pixelsOf(size: string | undefined): number {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(size ?? '') ?? []
  return width && height ? Number(width) * Number(height) : MOST_PIXELS
}
