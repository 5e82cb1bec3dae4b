// The app of every runtime: makes the calls of a batch, one after the other, each below a span of its own, and says in which trace. Callers keep
// the addresses of the providers; what goes over the wire goes to the provider on this machine, which knows the recording by a header.

import { createOtel } from '@afn/otel/fetch'
import { prices } from '@afn/otel/fetch/prices'
import { protocols } from '@afn/otel/fetch/protocols'
import { createRedactor } from '@afn/otel/redact'
import { context, trace } from '@opentelemetry/api'

const native = globalThis.fetch
const untouched = () => ({ span() {}, attributes: attributes => attributes })

/**
 * @param {{ batch: object[], provider: string, collector: string, redacts?: boolean, content?: string }} input
 * @returns {Promise<{ id: string, traceId: string, failure?: string }[]>}
 */
export async function run({ batch, provider, collector, redacts = false, content = 'full' }) {
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.href.startsWith(collector)) return native(input, init)
    const there = `${provider}${url.pathname}${url.search}`
    return input instanceof Request ? native(new Request(there, input), init) : native(there, init)
  }
  const otel = createOtel({
    serviceName: 'runtimes',
    exporter: { url: collector },
    captureContent: content,
    redactor: redacts ? createRedactor : untouched,
    prices,
    protocols,
  })
  const undo = otel.patchFetch()
  const lines = []
  try {
    for (const { id, url, method, headers, body } of batch) {
      const span = trace.getTracer('conformance').startSpan('recording')
      let failure
      try {
        // without AsyncLocalStorage a context holds for one turn, in which the request begins
        const response = await context.with(trace.setSpan(context.active(), span), () =>
          fetch(url, { method, headers: { ...headers, 'x-afn-recording': encodeURIComponent(id) }, body }),
        )
        await response.text()
      } catch (error) {
        failure = `${error.name}: ${error.message}`
      }
      span.end()
      lines.push({ id, traceId: span.spanContext().traceId, failure })
      if (lines.length % 32 === 0) await otel.flush()
    }
  } finally {
    undo()
    await otel.shutdown()
    globalThis.fetch = native
  }
  return lines
}
