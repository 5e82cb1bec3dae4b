// An answer that was requested earlier and is fetched now: of a background call, or the results of a batch. Each answer becomes one span
// when it is read for the first time. The request that fetches it is traced as a plain one, because most polls find no answer yet.
import { type Attributes, trace } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_BATCH_CUSTOM_ID,
  ATTR_AFN_LLM_BATCH_ID,
  ATTR_AFN_LLM_BATCH_REQUESTS,
} from '../../../../../semconv'
import { isUpload, type ProtocolName } from '../../providers/paths'
import type { HeaderOf, Protocol } from '../../providers/protocol'
import { protocols } from '../../providers/protocols'
import type { Tape } from '../../record/recorder'
import { type Doc, doc, text } from '../../wire/json'
import { JsonReader } from '../../wire/json-reader'
import type { Readers } from '../call-options'
import type { End } from '../failure'
import { openCalls, watch, watchOpenCalls } from '../open-calls'
import type { CallGuard } from '../options'
import { MAX_STRING, ResponseReader } from '../response'
import { type Fetching, reportAnswer } from './answer-span'
import { ResultLines } from './line-reader'
import { began, type Origin, originOf, take } from './memory'
import { finishNow, isBusy, paced } from './paced'
import { batchFields, filesOf, nameOf, type Result, resultFields, resultOf, resultsIn } from './results'
import { Sums } from './sums'

export interface FetchedAnswerOptions extends Omit<Fetching, 'startedAt'> {
  /** The budget guard that is notified of the answer. */
  readonly guard?: CallGuard | undefined
  /** Records the response, if recording is on. */
  readonly tape?: Tape | undefined
  /** Reports a failure of our own. Must not throw. */
  trouble(error: unknown): void
}

/** Maximum results of one file that get their own span. A larger trace exceeds the limits of backends. */
export const MOST_SPANS = 1_000

/** Bytes that are processed at a time. */
const PIECE = 16_384

const { now: clock } = Date

interface BodyReader {
  push(bytes: Uint8Array): void
  /** Whether nothing relevant can follow. */
  readonly ended: boolean
  end(): void
}

export class FetchedAnswer {
  readonly #startedAt = clock()
  #reading: BodyReader | undefined
  #readers: Readers | undefined
  #lastSeen = this.#startedAt
  over = false

  constructor(private readonly options: FetchedAnswerOptions) {}

  get tape(): Tape | undefined {
    return this.options.tape
  }

  responded(status: number, header: HeaderOf, readers?: Readers, headers?: unknown): void {
    this.tape?.responded(status, headers)
    // an answer that is not ready has another status, and so has a partial file
    if (status !== 200) this.over = true
    if (this.over) return
    this.#readers = readers
    this.#reading = this.#read(this.options.url.pathname, header)
    if (!this.#reading) this.over = true
    if (this.over) return
    openCalls.add(this)
    if (!watch.timer) watchOpenCalls()
  }

  chunk(bytes: Uint8Array): void {
    this.tape?.chunk(bytes)
    if (this.over) return
    this.#lastSeen = clock()
    for (let from = 0; from < bytes.length; from += PIECE) {
      const piece = bytes.subarray(from, from + PIECE)
      const kept = isBusy() ? Buffer.from(piece) : piece
      paced(() => this.#push(kept), kept.length)
    }
  }

  end(how: End): void {
    this.tape?.end(how)
    if (this.over) return
    this.over = true
    paced(() => this.#finish(), 0)
  }

  /** Milliseconds since the last read; undefined while a reader waits for bytes, and after the last byte. */
  get unread(): number | undefined {
    return this.over || this.#readers?.waiting ? undefined : clock() - this.#lastSeen
  }

  /** True after the last read, even if work remains; a flush completes it. */
  get released(): boolean {
    return this.over || this.#readers?.released === true
  }

  /** Called when the response will not be read further. Never throws. */
  leave(): void {
    this.end({ by: 'consumer' })
    finishNow()
  }

  #push(bytes: Uint8Array): void {
    try {
      this.#reading?.push(bytes)
      if (!this.#reading?.ended) return
      this.over = true
      this.#finish()
    } catch (error) {
      this.options.trouble(error)
    }
  }

  #finish(): void {
    const reading = this.#reading
    this.#reading = undefined
    openCalls.delete(this)
    try {
      reading?.end()
    } catch (error) {
      this.options.trouble(error)
    }
  }

  /** Selects a reader by the path, which contains the id of the answer, the batch or the file. */
  #read(path: string, header: HeaderOf): BodyReader | undefined {
    if (isUpload(path)) return undefined
    const names = path.replace(/(?:\/(?:content|results|cancel)|(?::|%3A)download)$/, '').split('/')
    const [kind, id = ''] = names.slice(-2)
    const protocol = kind === undefined ? undefined : single[kind]
    if (protocol) return this.#readOne(protocol, id, header)
    // Bedrock's results are in a folder that is named after the job
    if (path.endsWith('.jsonl.out')) return this.#readLines(kind ?? '')
    // the AI Gateway sends the batch id in the body of the request
    if (path.endsWith('/batch/results')) return this.#readLines(undefined)
    const isLines = kind === 'files' || /\/messages\/batches\/[^/]+\/results$/.test(path)
    return isLines ? this.#readLines(id) : this.#readBatch()
  }

  #readOne(name: ProtocolName, id: string, header: HeaderOf): BodyReader {
    const { guard, url } = this.options
    const content = this.options.content || guard?.readsContent === true
    const protocol: Protocol = protocols[name]
    const reader = new ResponseReader(protocol, { choices: 1, content, stream: false })
    return {
      push: bytes => reader.push(bytes),
      get ended() {
        return reader.ended
      },
      end: () => {
        const { document, complete } = reader.end()
        if (!complete) return
        const answer = protocol.response(document, header)
        if (!answer.pending) guard?.fetched({ protocol: name, reader: protocol, url }, document)
        const origin = originOf(answer.id ?? id) ?? originOf(id)
        // Any response can be fetched, and those that were not created in the background were already counted.
        const isLate = protocol !== protocols['openai-responses'] || answer.pending === false || origin !== undefined
        if (answer.pending || !isLate || !take(answer.id ?? id)) return
        const unpriced = answer.unpriced ?? origin?.unpriced
        this.#report({ protocol, document, answer: { ...answer, unpriced } }, origin, {})
      },
    }
  }

  /** @param id of the file or the batch, if the URL contains it */
  #readLines(id: string | undefined): BodyReader {
    const { url, content } = this.options
    const key = id === undefined ? undefined : url.host + url.pathname
    const origin = id === undefined ? undefined : originOf(id)
    const batch = { [ATTR_AFN_LLM_BATCH_ID]: origin?.batch ?? id }
    const results = this.#results(key, origin, batch)
    let isOther = false
    const lines = new ResultLines(resultFields(content), line => {
      const item = doc(line)
      // the first line shows that this is another kind of file
      if (results.taken === 0 && !(item && (nameOf(item) ?? resultOf(item)))) isOther = true
      if (!isOther) results.take(item ?? {})
    })
    return {
      push: bytes => lines.push(bytes),
      get ended() {
        return isOther
      },
      end: () => {
        lines.end()
        results.end()
      },
    }
  }

  /** A batch object has the progress and the files with its results, or the results themselves. */
  #readBatch(): BodyReader {
    const { url, content, parent } = this.options
    const reader = new JsonReader(batchFields(content), MAX_STRING)
    return {
      push: bytes => reader.push(bytes),
      get ended() {
        return reader.complete
      },
      end: () => {
        const batch = reader.complete ? doc(reader.value()) : undefined
        if (!batch) return
        const named = text(batch.id) ?? text(batch.batch_id) ?? text(batch.jobArn) ?? text(batch.name)
        const inPath = /\/(?:batches|jobs|model-invocation-job)\/([^/]+)/.exec(url.pathname)?.[1]
        const id = named === undefined ? inPath : lastOf(named)
        if (id === undefined) return
        const known = originOf(id)
        const model = text(batch.model) ?? text(batch.modelId) ?? text(doc(batch.metadata)?.model)
        const origin: Origin = {
          context: known?.context ?? (inPath === undefined ? trace.getSpanContext(parent) : undefined),
          model: model === undefined ? known?.model : lastOf(model),
          batch: id,
        }
        began(id, origin)
        for (const file of filesOf(batch)) began(lastOf(file), origin)
        const results = this.#results(url.host + url.pathname + url.search, origin, { [ATTR_AFN_LLM_BATCH_ID]: id })
        for (const item of resultsIn(batch)) paced(() => results.take(item), 0)
        paced(() => results.end(), 0)
      },
    }
  }

  /** @param key identifies the list in which results have positions; without a key, each result has its own id */
  #results(key: string | undefined, origin: Origin | undefined, attributes: Attributes) {
    const sums = new Sums()
    const report = (result: Result, more: Attributes) => this.#report(result, origin, { ...attributes, ...more })
    return {
      /** Number of results so far, including those that were counted earlier. */
      taken: 0,
      take(item: Doc): void {
        const at = this.taken++
        const result = key === undefined || take(key, at) ? resultOf(item) : undefined
        if (!result || (key === undefined && !take(result.answer.id ?? nameOf(item) ?? ''))) return
        // usage of several model runs is priced per run
        const isAlone = at < MOST_SPANS || result.answer.iterations !== undefined
        if (isAlone) report(result, { [ATTR_AFN_LLM_BATCH_CUSTOM_ID]: nameOf(item) })
        else sums.add(result)
      },
      end(): void {
        for (const { result, requests } of sums.takeAll())
          report(result, requests > 1 ? { [ATTR_AFN_LLM_BATCH_REQUESTS]: requests } : {})
      },
    }
  }

  #report(result: Result, origin: Origin | undefined, more: Attributes): void {
    reportAnswer(result, origin, more, { ...this.options, startedAt: this.#startedAt })
  }
}

/** Protocols of single answers, by the path segment before their id. */
const single: Readonly<Record<string, ProtocolName>> = {
  responses: 'openai-responses',
  interactions: 'google-interactions',
  'deferred-completion': 'openai-chat',
  transcript: 'speech-recognition',
  predictions: 'replicate-predictions',
  requests: 'fal-endpoint',
}

/** `files/abc`, `models/gemini-…`. */
function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}
