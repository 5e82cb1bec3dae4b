// Takes results to where evaluations are kept: the journal, then LangFuse, log records, spans and metrics. Once a result is in the journal it is
// not made again: what a run that was ended did not send, the next one sends, and what comes twice replaces what was there.
import { ATTR_GEN_AI_REQUEST_MODEL, ATTR_GEN_AI_RESPONSE_ID } from '../../../../semconv'
import { loadChunk } from '../../../app/chunks'
import { scoreOf } from '../../../app/llm/report/quality/score'
import type { LangfuseScores } from '../../../app/sdk/langfuse'
import { environmentOf } from '../../../app/sdk/manual-recording'
import { redactedScore } from '../../../app/sdk/scores'
import type { Signal } from '../../../shared/config/otlp'
import type { Settings } from '../../../shared/config/settings'
import { fromJson } from '../../../shared/otlp/from-json'
import { requestMessages } from '../../../shared/otlp/messages'
import { toProtobuf } from '../../../shared/otlp/to-protobuf'
import { BackendError } from '../../../shared/queries/http'
import type { Redactor } from '../../../shared/redact'
import type { Sender } from '../../local/otlp-sender'
import { Journal, type Result } from './journal'
import { type PlannedResult, ResultMetrics } from './result-metrics'
import { type AskedJudge, logRecordsOf, spansOf } from './result-records'

export interface ResultWriterOptions {
  readonly sender: Sender
  /** Folder of the journals. */
  readonly journals: string
  readonly settings: Settings
  readonly redactor: Redactor
  readonly say: (line: string) => void
}

/** Results of one request, and how long the first of them waits for others, ms. */
const [MOST, LONGEST_MS] = [50, 2_000]
/** LangFuse may be away for a moment. */
const [ATTEMPTS, PAUSE_MS] = [5, 2_000]

export class ResultWriter {
  #results: Result[] = []
  #judges: AskedJudge[] = []
  #since = 0
  #writing: Promise<void> = Promise.resolve()
  readonly #langfuse: LangfuseScores | undefined
  readonly #journal: Journal
  readonly #metrics: ResultMetrics
  #hasMetrics = true

  /** @throws Error where the journal can't be written */
  constructor(private readonly options: ResultWriterOptions) {
    this.#journal = Journal.begin(options.journals, options.sender.shown)
    this.#metrics = new ResultMetrics(this.#journal.head)
    const { langfuseHost: host, langfusePublicKey: publicKey, langfuseSecretKey: secretKey } = options.settings
    if (publicKey === undefined || secretKey === undefined) return
    const environment = environmentOf(options.settings)
    this.#langfuse = loadChunk('langfuse').createLangfuseScores({ host, publicKey, secretKey, environment })
  }

  /**
   * What runs have left that were ended.
   * @returns the results, which are sent now
   * @throws BackendError
   */
  async sendLeft(): Promise<readonly Result[]> {
    const left = Journal.left(this.options.journals, this.options.sender.shown)
    for (const journal of left) {
      const metrics = new ResultMetrics(journal.head)
      metrics.add(journal.results)
      for (let at = 0; at < journal.results.length; at += MOST)
        await this.#sendAll(journal.results.slice(at, at + MOST), [])
      if (journal.results.length > 0) await this.#count(metrics)
      journal.end()
    }
    return left.flatMap(({ results }) => results)
  }

  /** Begins the series of results that are to come. @throws BackendError */
  async expect(planned: readonly PlannedResult[]): Promise<void> {
    if (!this.#metrics.expect(planned)) return
    this.#writing = this.#writing.then(() => this.#count(this.#metrics))
    await this.#writing
  }

  /** Sends what is left. @throws BackendError, and the next run sends it */
  async end(): Promise<void> {
    await this.flush()
    this.#journal.end()
  }

  /** It is written with the next results. */
  asked(judge: AskedJudge): void {
    this.#judges.push(judge)
  }

  /** @throws BackendError where results are not taken */
  async add(result: Result): Promise<void> {
    if (this.#results.length === 0) this.#since = performance.now()
    const masked = this.#masked(result)
    this.#journal.add(masked)
    this.#metrics.add([masked])
    this.#results.push(masked)
    if (this.#results.length >= MOST || performance.now() - this.#since >= LONGEST_MS) await this.flush()
  }

  /** @throws BackendError */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    const [results, judges] = [this.#results.splice(0), this.#judges.splice(0)]
    await this.#sendAll(results, judges)
    if (results.length > 0) await this.#count(this.#metrics)
  }

  async #sendAll(results: readonly Result[], judges: readonly AskedJudge[]): Promise<void> {
    if (results.length > 0) {
      await this.#score(results)
      await this.#send('logs', logRecordsOf(results))
    }
    if (results.length + judges.length > 0) await this.#send('traces', spansOf(results, judges))
  }

  /** A receiver of traces alone has no metrics, and they stay uncounted. */
  async #count(metrics: ResultMetrics): Promise<void> {
    if (!this.#hasMetrics) return
    const refusal = await this.#post('metrics', metrics.request())
    if (!refusal) return
    if (refusal.kind === 'silent') throw this.#notTaken(refusal)
    this.#hasMetrics = false
    this.options.say(
      `${this.options.sender.shown} does not take metrics (${refusal.said}), so SLOs and alerts don't count these results; give --otlp a Collector or afn-otel up`,
    )
  }

  /** An explanation may quote what the store has in full. */
  #masked({ call, judgement }: Result): Result {
    const text = (value: string | undefined) => (value === undefined ? undefined : this.options.redactor.text(value))
    const { traceId, spanId, end, service, attributes } = call
    return {
      call: { traceId, spanId, end, service, attributes: told(attributes) },
      judgement: { ...judgement, label: text(judgement.label), explanation: text(judgement.explanation) },
    }
  }

  async #score(results: readonly Result[]): Promise<void> {
    if (!this.#langfuse) return
    let waiting = results.map(({ call, judgement }) => redactedScore(scoreOf(judgement, call), this.options.redactor))
    for (let left = ATTEMPTS; waiting.length > 0; left--) {
      const delivered = await this.#langfuse.send(waiting, AbortSignal.abort())
      if (delivered.problem === undefined) return
      waiting = [...delivered.waiting]
      if (waiting.length === 0) this.options.say(`LangFuse does not take scores (${delivered.problem})`)
      else if (left === 1)
        throw new BackendError(
          `LangFuse at ${new URL(this.options.settings.langfuseHost).origin} does not take scores (${delivered.problem}); start it there, or correct the variables LANGFUSE_*, and run the same command again`,
        )
      else await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
    }
  }

  /** @throws BackendError */
  async #send(signal: Signal, document: object): Promise<void> {
    const refusal = await this.#post(signal, document)
    if (refusal) throw this.#notTaken(refusal)
  }

  /** @returns undefined where it was taken */
  async #post(signal: Signal, document: object): Promise<Refusal | undefined> {
    const { sender, say } = this.options
    const message = requestMessages[signal]
    const body = toProtobuf(message, fromJson(message, document))
    const { outcome } = await sender.send(signal, body, (why, ms) =>
      say(`${sender.shown} returned ${why}; sending results again in ${Math.ceil(ms / 1_000)} s`),
    )
    if (outcome.kind !== 'taken')
      return { kind: outcome.kind, said: outcome.kind === 'silent' ? outcome.message : `${outcome.status} ${outcome.message}`.trim() } // biome-ignore format: one line
    if (outcome.rejected > 0) say(`${sender.shown} rejected ${outcome.rejected} ${signal}: ${outcome.message}`)
    return undefined
  }

  #notTaken({ said }: Refusal): BackendError {
    return new BackendError(
      `${this.options.sender.shown} does not take results (${said}); correct --otlp (or OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS), and run the same command again`,
    )
  }
}

interface Refusal {
  readonly kind: 'silent' | 'refused'
  readonly said: string
}

/** Of the rated call, what its results say of it. */
const told = (attributes: Result['call']['attributes']): Result['call']['attributes'] =>
  Object.fromEntries(
    [ATTR_GEN_AI_REQUEST_MODEL, ATTR_GEN_AI_RESPONSE_ID].flatMap(name => {
      const value = attributes[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
