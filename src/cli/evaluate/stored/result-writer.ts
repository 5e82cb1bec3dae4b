// Takes results to where evaluations are kept: LangFuse, then log records, then spans. The span is last, since a second run goes by it: a
// result without one is made again, and replaces what was there.
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
import { type AskedJudge, logRecordsOf, type Result, spansOf } from './result-records'

export interface ResultWriterOptions {
  readonly sender: Sender
  readonly settings: Settings
  readonly redactor: Redactor
  readonly say: (line: string) => void
}

/** Results of one request, and how long the first of them waits for others, ms: what isn't written yet is made again after a `kill -9`. */
const [MOST, LONGEST_MS] = [50, 2_000]
/** LangFuse may be away for a moment. */
const [ATTEMPTS, PAUSE_MS] = [5, 2_000]

export class ResultWriter {
  #results: Result[] = []
  #judges: AskedJudge[] = []
  #since = 0
  #writing: Promise<void> = Promise.resolve()
  #langfuse: LangfuseScores | undefined

  constructor(private readonly options: ResultWriterOptions) {
    const { langfuseHost: host, langfusePublicKey: publicKey, langfuseSecretKey: secretKey } = options.settings
    if (publicKey === undefined || secretKey === undefined) return
    const environment = environmentOf(options.settings)
    this.#langfuse = loadChunk('langfuse').createLangfuseScores({ host, publicKey, secretKey, environment })
  }

  /** It is written with the next results. */
  asked(judge: AskedJudge): void {
    this.#judges.push(judge)
  }

  /** @throws BackendError where results are not taken */
  async add(result: Result): Promise<void> {
    if (this.#results.length === 0) this.#since = performance.now()
    this.#results.push(result)
    if (this.#results.length >= MOST || performance.now() - this.#since >= LONGEST_MS) await this.flush()
  }

  /** @throws BackendError */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write())
    return this.#writing
  }

  async #write(): Promise<void> {
    const [results, judges] = [this.#results.splice(0), this.#judges.splice(0)]
    const masked = results.map(one => this.#masked(one))
    if (masked.length > 0) {
      await this.#score(masked)
      await this.#send('logs', logRecordsOf(masked))
    }
    if (masked.length + judges.length > 0) await this.#send('traces', spansOf(masked, judges))
  }

  /** An explanation may quote what the store has in full. */
  #masked({ call, judgement }: Result): Result {
    const text = (value: string | undefined) => (value === undefined ? undefined : this.options.redactor.text(value))
    return { call, judgement: { ...judgement, label: text(judgement.label), explanation: text(judgement.explanation) } }
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

  async #send(signal: Signal, document: object): Promise<void> {
    const { sender, say } = this.options
    const message = requestMessages[signal]
    const body = toProtobuf(message, fromJson(message, document))
    const { outcome } = await sender.send(signal, body, (why, ms) =>
      say(`${sender.shown} returned ${why}; sending results again in ${Math.ceil(ms / 1_000)} s`),
    )
    if (outcome.kind === 'taken') {
      if (outcome.rejected > 0) say(`${sender.shown} rejected ${outcome.rejected} ${signal}: ${outcome.message}`)
      return
    }
    const said = outcome.kind === 'silent' ? outcome.message : `${outcome.status} ${outcome.message}`.trim()
    throw new BackendError(
      `${sender.shown} does not take results (${said}); correct --otlp (or OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS), and run the same command again`,
    )
  }
}
