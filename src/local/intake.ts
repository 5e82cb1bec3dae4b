// What becomes of a request on its way into the store: redacted if that was asked for, and handed to a Prometheus if there
// is one.
import { eachPart } from '../otlp/each-part'
import { fromProtobuf } from '../otlp/from-protobuf'
import { messages } from '../otlp/messages'
import { createDocumentRedactor } from '../otlp/redact'
import type { Document } from '../otlp/schema'
import type { Redactor } from '../redact'
import type { PartialSuccess, Signal } from './answer'
import type { Prometheus } from './prometheus'
import type { Store } from './store/store'

const requestOf = {
  traces: messages.ExportTraceServiceRequest,
  metrics: messages.ExportMetricsServiceRequest,
  logs: messages.ExportLogsServiceRequest,
}

/** Takes OTLP in protobuf, or in the shape of OTLP JSON, and says what was not taken. */
export type Intake = (signal: Signal, request: Buffer | Document) => Promise<PartialSuccess | undefined>

export function createIntake(
  store: Store,
  { redactor, prometheus }: { redactor: Redactor | undefined; prometheus: Prometheus | undefined },
): Intake {
  const redact = redactor && createDocumentRedactor(redactor)
  return async (signal, given) => {
    let request = given
    if (redact) {
      const document = Buffer.isBuffer(given) ? fromProtobuf(requestOf[signal], given) : given
      await eachPart(requestOf[signal], document, redact)
      request = document
    }
    const partial = await store.write(signal, request)
    if (signal === 'metrics') prometheus?.forward(request)
    return partial
  }
}
