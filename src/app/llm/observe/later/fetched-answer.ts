// An answer that was requested before and is read now: of a call in the background, or the results of a batch. Each is one span, in
// the moment in which it is read for the first time. The request that reads it stays a plain one: most find nothing yet.
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
  /** Who goes on from it. */
  readonly guard?: CallGuard | undefined
  /** Where it is recorded. */
  readonly tape?: Tape | undefined
  /** A failure of our own. Must not throw. */
  trouble(error: unknown): void
}

/** Results of one file that have a span each: a trace of more is larger than what a backend takes. */
export const MOST_SPANS = 1_000

/** Bytes that are read in one go. */
const PIECE = 16_384

const { now: clock } = Date

interface BodyReader {
  push(bytes: Uint8Array): void
  /** Nothing that matters can follow. */
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
    // one that is not there yet has another status, and a part of a file has its own
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

  /** Milliseconds since somebody last read; undefined while a reader waits for bytes, and when there are no more. */
  get unread(): number | undefined {
    return this.over || this.#readers?.waiting ? undefined : clock() - this.#lastSeen
  }

  /** Nobody reads any more, though there may be work left: a flush has it done. */
  get released(): boolean {
    return this.over || this.#readers?.released === true
  }

  /** Nobody will read on. Never throws. */
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

  /** By the path, whose id is the answer's, the batch's or the file's. */
  #read(path: string, header: HeaderOf): BodyReader | undefined {
    if (isUpload(path)) return undefined
    const names = path.replace(/(?:\/(?:content|results|cancel)|(?::|%3A)download)$/, '').split('/')
    const [kind, id = ''] = names.slice(-2)
    const protocol = kind === undefined ? undefined : single[kind]
    if (protocol) return this.#readOne(protocol, id, header)
    // Bedrock's are in a folder that is named after the job
    if (path.endsWith('.jsonl.out')) return this.#readLines(kind ?? '')
    // the AI Gateway's, whose batch stands in the body of the request
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
        // Any response can be fetched, and those that were not made in the background were counted when they were made.
        const isLate = protocol !== protocols['openai-responses'] || answer.pending === false || origin !== undefined
        if (answer.pending || !isLate || !take(answer.id ?? id)) return
        const unpriced = answer.unpriced ?? origin?.unpriced
        this.#report({ protocol, document, answer: { ...answer, unpriced } }, origin, {})
      },
    }
  }

  /** @param id of the file or the batch, where the address says it */
  #readLines(id: string | undefined): BodyReader {
    const { url, content } = this.options
    const key = id === undefined ? undefined : url.host + url.pathname
    const origin = id === undefined ? undefined : originOf(id)
    const batch = { [ATTR_AFN_LLM_BATCH_ID]: origin?.batch ?? id }
    const results = this.#results(key, origin, batch)
    let isOther = false
    const lines = new ResultLines(resultFields(content), line => {
      const item = doc(line)
      // a file of anything else, as its first line tells
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

  /** A batch says how far it is, and which files its results are in; or has them itself. */
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

  /** @param key of the list in which the results have their places; without one each has its own id */
  #results(key: string | undefined, origin: Origin | undefined, attributes: Attributes) {
    const sums = new Sums()
    const report = (result: Result, more: Attributes) => this.#report(result, origin, { ...attributes, ...more })
    return {
      /** Results so far, whether they were counted before or not. */
      taken: 0,
      take(item: Doc): void {
        const at = this.taken++
        const result = key === undefined || take(key, at) ? resultOf(item) : undefined
        if (!result || (key === undefined && !take(result.answer.id ?? nameOf(item) ?? ''))) return
        // what several runs of models made is priced by each
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

/** Answers of their own, by the segment before their id. */
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
