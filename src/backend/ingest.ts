// Processes a request before it is stored: it marks spans that duplicate others, converts and redacts telemetry of coding agents, redacts
// the rest if enabled, and forwards metrics to a Prometheus if there is one.

import type { Signal } from '../shared/config/otlp'
import { mayBeOfAgent } from '../shared/otlp/agents/recognise'
import { eachPart } from '../shared/otlp/each-part'
import { fromProtobuf } from '../shared/otlp/from-protobuf'
import { requestMessages } from '../shared/otlp/messages'
import { markProviderSide, mayBeProviderSide } from '../shared/otlp/provider-side'
import { createDocumentRedactor } from '../shared/otlp/redact-request'
import { boundedRedactor, warm, workOf } from '../shared/otlp/redaction-work'
import type { Document } from '../shared/otlp/schema'
import type { Redactor } from '../shared/redact'
import type { AgentReader } from './agents'
import type { PartialSuccess } from './otlp-answer'
import type { Prometheus } from './prometheus-process'
import type { Store } from './store/store'

/**
 * Milliseconds of redaction per request, enough for 5 MB of an app's spans. Once they are used up, the remaining texts are replaced unread,
 * because one request must not hold up the others.
 */
const MOST_WORK = 300

/** Takes OTLP in protobuf or in the shape of OTLP JSON, and returns what it rejected. */
export type Intake = (signal: Signal, request: Buffer | Document) => Promise<PartialSuccess | undefined>

interface IntakeOptions {
  /** Redacts everything that arrives. */
  readonly redactor: Redactor | undefined
  readonly prometheus: Prometheus | undefined
  /** Handles coding agents. Whether they redact prompts, commands and answers themselves is unknown. */
  readonly agents?: { readonly reader: AgentReader; readonly redactor: () => Redactor } | undefined
}

export function createIntake(store: Store, { redactor, prometheus, agents }: IntakeOptions): Intake {
  if (redactor) warm(redactor)
  let ofAgents = redactor

  /** Redacts in place. @returns a warning for the client */
  async function redact(redactor: Redactor, documents: readonly (readonly [Signal, Document])[]) {
    const work = workOf(MOST_WORK)
    const walk = createDocumentRedactor(boundedRedactor(redactor, work))
    for (const [signal, document] of documents) await eachPart(requestMessages[signal], document, walk)
    const message = `${work.unread} texts were replaced unread: redaction takes too long; send smaller batches`
    return work.unread > 0 ? { rejected: 0, message } : undefined
  }

  const decoded = (signal: Signal, request: Buffer | Document): Document =>
    Buffer.isBuffer(request) ? fromProtobuf(requestMessages[signal], request) : request

  return async (signal, sent) => {
    let request = signal === 'traces' ? withMarks(sent) : sent
    let spans: Document | undefined
    let isOfAgent = false
    if (agents && (!Buffer.isBuffer(request) || mayBeOfAgent(request))) {
      request = decoded(signal, request)
      const read = agents.reader.read(signal, request)
      isOfAgent = read !== undefined
      spans = read?.spans
    }
    let warning: PartialSuccess | undefined
    if (redactor || isOfAgent) {
      ofAgents ??= warm(agents!.redactor())
      request = decoded(signal, request)
      warning = await redact(ofAgents, [[signal, request], ...(spans ? [['traces', spans] as const] : [])])
    }
    // written first: if the second write fails, the client sends all again, and the store recognizes these spans as duplicates
    const made = spans && (await store.write('traces', spans))
    const partial = await store.write(signal, request)
    if (signal === 'metrics') prometheus?.forward(request)
    return partial ?? made ?? warning
  }
}

/** @returns the request with marks on provider spans that duplicate spans of the app */
function withMarks(request: Buffer | Document): Buffer | Document {
  if (Buffer.isBuffer(request) && !mayBeProviderSide(request)) return request
  const document = Buffer.isBuffer(request) ? fromProtobuf(requestMessages.traces, request) : request
  markProviderSide(document)
  return document
}
