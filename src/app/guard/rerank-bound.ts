// The bound of texts that are ranked: by tokens (Voyage, Cohere's newest), or by searches of a hundred parts of documents (Cohere).
import { count, type Doc, doc, parsed } from '../llm/wire/json'
import { bodyText } from './body-text'
import type { Bound, BoundedRequest, Unbounded } from './bounded-request'

/** Marks around each pair of query and document. */
const FRAME = 64
/** Parts of documents in a search: docs.cohere.com/docs/how-does-cohere-pricing-work. */
const PARTS_A_SEARCH = 100
/** Tokens of a part, the query's among them, and the longest query of which a part has room for a document. */
const [PART, LONGEST_QUERY] = [500, 400]
/** Of a document, where the request says nothing: parts in version 1, tokens in version 2. */
const [MOST_PARTS, MOST_TOKENS] = [10, 4_096]

export function boundOfRerank({ url, body }: BoundedRequest): Bound | Unbounded {
  const request = doc(parsed(bodyText(body)))
  const { query, documents } = request ?? {}
  if (!request || typeof query !== 'string' || !Array.isArray(documents))
    return { problem: 'its query and its documents are no texts' }
  if (documents.some(hasImage)) return { problem: 'what an image takes that is ranked is not documented' }
  const asked = Buffer.byteLength(query)
  const lengths = documents.map(one => Buffer.byteLength(typeof one === 'string' ? one : JSON.stringify(one)))
  // docs.voyageai.com/docs/faq: the query counts with each document
  const input = lengths.reduce((sum, length) => sum + asked + length + FRAME, FRAME)
  const bound = { hasLongCache: false, hasMedia: false }
  if (asked > LONGEST_QUERY) return { ...bound, usage: { input } }
  const parts = lengths.reduce((sum, length) => sum + partsOf(length, asked, url, request), 0)
  return { ...bound, usage: { input }, or: { searchUnits: Math.ceil(parts / PARTS_A_SEARCH) || 1 } }
}

/** A document that is longer than a part is charged as several. */
function partsOf(length: number, asked: number, { pathname }: URL, request: Doc): number {
  const isFirstVersion = pathname.includes('/v1/')
  const tokens = isFirstVersion ? length : Math.min(length, count(request.max_tokens_per_doc) ?? MOST_TOKENS)
  const parts = Math.max(1, Math.ceil(tokens / (PART - asked)))
  return isFirstVersion ? Math.min(parts, count(request.max_chunks_per_doc) ?? MOST_PARTS) : parts
}

const hasImage = (one: unknown): boolean => {
  const { image, image_url, content } = doc(one) ?? {}
  return (image ?? image_url ?? content) !== undefined
}
