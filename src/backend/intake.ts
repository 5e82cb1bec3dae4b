// What becomes of a request on its way into the store: redacted where an option wants that, and handed to a Prometheus if there
// is one.

import type { Signal } from '../shared/config/otlp'
import { eachPart } from '../shared/otlp/each-part'
import { fromProtobuf } from '../shared/otlp/from-protobuf'
import { requestMessages } from '../shared/otlp/messages'
import { createDocumentRedactor } from '../shared/otlp/redact-request'
import { boundedRedactor, warm, workOf } from '../shared/otlp/redaction-work'
import type { Document } from '../shared/otlp/schema'
import type { Redactor } from '../shared/redact'
import type { PartialSuccess } from './otlp-answer'
import type { Prometheus } from './prometheus-process'
import type { Store } from './store/store'

/**
 * Milliseconds that the texts of one request may take when all are redacted: 5 MB of an app's spans, or more. What comes after that is
 * replaced unread, since one request must not keep the others waiting.
 */
const MOST_WORK = 300

/** Takes OTLP in protobuf, or in the shape of OTLP JSON, and says what was not taken. */
export type Intake = (signal: Signal, request: Buffer | Document) => Promise<PartialSuccess | undefined>

export function createIntake(
  store: Store,
  { redactor, prometheus }: { redactor: Redactor | undefined; prometheus: Prometheus | undefined },
): Intake {
  if (redactor) warm(redactor)

  /** @returns the request redacted, and what to say to the client */
  async function redacted(redactor: Redactor, signal: Signal, body: Buffer | Document) {
    const document = Buffer.isBuffer(body) ? fromProtobuf(requestMessages[signal], body) : body
    const work = workOf(MOST_WORK)
    await eachPart(requestMessages[signal], document, createDocumentRedactor(boundedRedactor(redactor, work)))
    const message = `${work.unread} texts were replaced unread: redaction takes too long; send smaller batches`
    return { document, warning: work.unread > 0 ? { rejected: 0, message } : undefined }
  }

  return async (signal, body) => {
    const { document: request, warning } = redactor
      ? await redacted(redactor, signal, body)
      : { document: body, warning: undefined }
    const partial = await store.write(signal, request)
    if (signal === 'metrics') prometheus?.forward(request)
    return partial ?? warning
  }
}
