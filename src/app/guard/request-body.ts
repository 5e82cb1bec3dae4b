// What is in the body of a request that its length does not bound: media, what the provider has stored, and tools that it runs itself.
import { parsed } from '../llm/wire/json'
import { bodyText } from './body-text'

export interface BodyFacts {
  /** Bytes of the body without those of media. */
  readonly textBytes: number
  /** The texts of the body, where somebody counts their tokens. */
  readonly texts: readonly string[]
  /** Members of objects and elements of lists: each may take marks of its own in the prompt. */
  readonly members: number
  readonly images: number
  /** Bytes of sound and video. */
  readonly mediaBytes: number
  /** Something that the request only names, or that is long when it is unpacked: only the context window bounds it. */
  readonly isOpen: boolean
  readonly hasTools: boolean
  /** Tools of the provider whose description it adds itself, and the app runs. */
  readonly describedTools: number
  /** Runs of the model that tools of the provider may cause. */
  readonly rounds: number
  /** Searches on the web and the like that may be charged. */
  readonly searches: number
  /** The text that the app expects; what does not come true of it is charged as output. */
  readonly hasPrediction: boolean
  /** An entry of the cache may live for longer than the shortest time. */
  readonly hasLongCache: boolean
}

/** Rounds of a tool of the provider where the request has no limit of them. */
export const MOST_ROUNDS = 10

/** Members that a plain request of text does not have. A quote inside of a text has a backslash before it, so that none is found there. */
const SPECIAL =
  /"(?:previous_response_id|conversation|prompt|file_?(?:id|data|uri|url)|image_?(?:url|data)?|input_(?:image|file|audio)|video_?(?:url)?|audio|data|bytes|source|document|cached_?content|container|prediction|tools|ttl|web_search_options|search_parameters|plugins|mcp_servers|data_sources|knowledge|guardrail\w*|inline_?data|media_type|vector_store_ids|url|documents)"/i

/** Undefined where the body is no JSON document. */
export function readBody(body: string | Uint8Array, wantsTexts: boolean): BodyFacts | undefined {
  const text = bodyText(body)
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  if (!wantsTexts && !SPECIAL.test(text)) return { ...PLAIN, textBytes: bytes }
  const document = parsed(text)
  if (document === undefined) return undefined
  const reader = new Reader(wantsTexts)
  reader.request(document)
  return { ...reader.facts, textBytes: bytes - reader.bytesOfMedia }
}

const PLAIN: BodyFacts = {
  textBytes: 0,
  texts: [],
  members: 0,
  images: 0,
  mediaBytes: 0,
  isOpen: false,
  hasTools: false,
  describedTools: 0,
  rounds: 1,
  searches: 0,
  hasPrediction: false,
  hasLongCache: false,
}

type Raw = Readonly<Record<string, unknown>>

/** Top-level members that name something stored, or have the provider look something up. */
const STORED =
  /^(?:previous_response_id|conversation|prompt|cached_?content|container|mcp_servers|data_sources|plugins|web_search_options|search_parameters|documents)$/i
const LOOKED_UP = /^(?:mcp_servers|data_sources|plugins|web_search_options|search_parameters)$/i
/** Members that name a file. */
const FILE = /^(?:file_?(?:id|data|uri|url)|vector_store_ids)$/i
/** Anthropic's tools that the app runs, and whose description the API adds. */
const DESCRIBED = /^(?:bash|text_editor|computer|memory)_\d/

class Reader {
  readonly facts = { ...PLAIN, texts: [] as string[] }
  bytesOfMedia = 0

  constructor(private readonly wantsTexts: boolean) {}

  request(document: unknown): void {
    if (!isObject(document)) return
    for (const [name, value] of Object.entries(document)) {
      if (value === null || value === undefined) continue
      // a list of texts, or a text, is what old completions call a prompt
      if (STORED.test(name) && !(name === 'prompt' && !isPlainObject(value)) && !isEmpty(value))
        this.facts.isOpen = true
      if (LOOKED_UP.test(name) && !isEmpty(value)) this.#hosted({})
      if (name === 'prediction') this.facts.hasPrediction = true
      // Bedrock has them one object further in
      if (name === 'toolConfig' && isObject(value) && Array.isArray(value.tools)) this.#tools(value.tools, document)
      else if (name === 'tools' && Array.isArray(value)) this.#tools(value, document)
      else this.#value(value, name, document)
    }
  }

  #tools(tools: readonly unknown[], request: Raw): void {
    this.facts.hasTools = tools.length > 0
    for (const tool of tools) {
      if (!isObject(tool)) continue
      const type = typeof tool.type === 'string' ? tool.type : undefined
      if (type !== undefined && DESCRIBED.test(type)) this.facts.describedTools++
      else if (type === 'function' || type === 'custom' || type === 'namespace') this.#value(tool, 'tool', {})
      else if (isFunctions(tool)) this.#value(tool, 'tool', {})
      else this.#hosted({ max_uses: request.max_tool_calls, ...tool })
    }
  }

  #hosted({ max_uses: most }: Raw): void {
    const uses = typeof most === 'number' && most >= 0 ? most : MOST_ROUNDS
    this.facts.isOpen = true
    this.facts.rounds += uses
    this.facts.searches += uses
  }

  #value(value: unknown, name: string, within: Raw): void {
    this.facts.members++
    if (typeof value === 'string') this.#text(value, name, within)
    else if (Array.isArray(value)) for (const one of value) this.#value(one, name, within)
    else if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (this.wantsTexts) this.facts.texts.push(key)
        if (FILE.test(key) && inner !== null && inner !== undefined) this.facts.isOpen = true
        if (key === 'ttl') this.facts.hasLongCache = true
        this.#value(inner, key, value === null ? within : { ...mediaOf(within), ...value })
      }
      const type = String(value.type ?? '')
      if (/^(?:document|input_file|file|container_upload)$/.test(type) && !isTextDocument(value))
        this.facts.isOpen = true
    } else if (this.wantsTexts) this.facts.texts.push(String(value))
  }

  #text(text: string, name: string, within: Raw): void {
    const dataUrl = /^data:([\w.+-]+\/[\w.+-]+)?[;,]/.exec(text)
    const media = dataUrl ? (dataUrl[1] ?? '') : isData(name) ? mediaTypeOf(within) : undefined
    if (media !== undefined) return this.#media(media, text)
    // by an address: an image has a bound, all else is open
    if (/url|uri/i.test(name) && /^(?:https?|gs|s3):/.test(text)) {
      if (isOfImage(name, within)) this.facts.images++
      else if (isOfMedia(within)) this.facts.isOpen = true
    }
    if (this.wantsTexts) this.facts.texts.push(text)
  }

  #media(type: string, text: string): void {
    this.bytesOfMedia += text.length
    if (/^image|^(?:png|jpe?g|gif|webp)$/.test(type)) this.facts.images++
    else if (/^(?:audio|video)|^(?:wav|mp3|mp4|flac|ogg|opus|aac|pcm16|webm|mov|mkv)$/.test(type))
      this.facts.mediaBytes += Math.ceil(text.length * 0.75)
    // text that is only wrapped, unlike a PDF, has no more tokens than bytes
    else if (/^text\/|json/.test(type)) this.bytesOfMedia -= text.length
    else this.facts.isOpen = true
  }
}

const isData = (name: string) => /^(?:data|bytes|file_data|b64_json|b64)$/.test(name)

/** Google and Anthropic say the type beside the data, OpenAI and Bedrock a format there or one object further out. */
function mediaTypeOf(within: Raw): string | undefined {
  const said = within.media_type ?? within.mimeType ?? within.mime_type ?? within.format
  return typeof said === 'string' ? said.toLowerCase() : undefined
}

const mediaOf = ({ format, media_type, mimeType, mime_type, type }: Raw): Raw => ({
  format,
  media_type,
  mimeType,
  mime_type,
  type,
})

const isOfImage = (name: string, within: Raw) =>
  /image/i.test(name) || /image/.test(String(within.type ?? mediaTypeOf(within)))
const isOfMedia = (within: Raw) => within.type !== undefined || mediaTypeOf(within) !== undefined

function isFunctions(tool: Raw): boolean {
  const kinds = Object.keys(tool).filter(key => tool[key] !== undefined && tool[key] !== null)
  const plain = ['name', 'description', 'input_schema', 'parameters', 'functionDeclarations', 'function_declarations', 'function', 'toolSpec', 'cachePoint', 'strict', 'cache_control', 'parameter_definitions'] // biome-ignore format: one line
  return kinds.every(kind => plain.includes(kind))
}

function isTextDocument({ source }: Raw): boolean {
  return isObject(source) && source.type === 'text'
}

const isObject = (value: unknown): value is Raw => typeof value === 'object' && value !== null
const isPlainObject = (value: unknown): boolean => isObject(value) && !Array.isArray(value)
const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0)
