/**
 * `@afn/otel/browser/otel`: redaction, sessions and Web Vitals for pages that trace with OpenTelemetry's own SDK
 * (`@opentelemetry/sdk-trace-web` and its instrumentations). Processors of the SDK's interface; nothing of the SDK is imported.
 */
import { watchVitals } from './features/web-vitals'
import type { Attributes } from './otlp'
import { cleanUrl, redactText } from './redact'
import { currentSession } from './session'

interface Event {
  readonly name: string
  readonly attributes?: Record<string, unknown>
}

/** What is read of a span of the SDK when it ends. */
interface EndedSpan {
  readonly name: string
  readonly attributes: Record<string, unknown>
  readonly events: Event[]
  readonly links: { readonly attributes?: Record<string, unknown> }[]
  readonly status: { readonly message?: string }
  spanContext(): unknown
}

/** The SDK's `SpanProcessor`, as far as it is called here. */
// biome-ignore lint/suspicious/noExplicitAny: spans and contexts of any version of the SDK
interface Processor<Span = any, Context = any, Ended = any> {
  onStart(span: Span, context: Context): void
  onEnding?(span: Span): void
  onEnd(span: Ended): void
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/** Values that are a URL, or the path of one, as a whole. */
const URL_KEYS = /^(?:url\.(?:full|path)|http\.(?:url|target))$/

function redactValue(key: string, value: unknown): unknown {
  if (typeof value === 'string') {
    // without its question mark a query is not known for one
    if (key === 'url.query') return redactText(`?${value}`).slice(1)
    return redactText(URL_KEYS.test(key) ? cleanUrl(value) : value)
  }
  return Array.isArray(value) ? value.map(item => redactValue(key, item)) : value
}

const redactAll = (attributes: Record<string, unknown> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).map(([key, value]) => [redactText(key), redactValue(key, value)]))

/** The span with every text in it redacted; what isn't text is the span's own. */
function redacted(span: EndedSpan): EndedSpan {
  const own = {
    name: redactText(span.name),
    attributes: redactAll(span.attributes),
    events: span.events.map(event => ({
      ...event,
      name: redactText(event.name),
      attributes: redactAll(event.attributes),
    })),
    links: span.links.map(link => ({ ...link, attributes: redactAll(link.attributes) })),
    spanContext: () => span.spanContext(),
    status: span.status.message ? { ...span.status, message: redactText(span.status.message) } : span.status,
  }
  return Object.create(
    span,
    Object.fromEntries(Object.entries(own).map(([key, value]) => [key, { value, enumerable: true }])),
  )
}

/**
 * Hands redacted copies of the spans to a processor: wrap the one that exports. A span that can't be redacted is dropped.
 * @example new WebTracerProvider({ spanProcessors: [redacting(new BatchSpanProcessor(exporter))] })
 */
export function redacting<P extends Processor>(next: P): Processor {
  return {
    onStart: (span, context) => next.onStart(span, context),
    onEnding: span => next.onEnding?.(span),
    onEnd(span: EndedSpan) {
      let copy: EndedSpan
      try {
        copy = redacted(span)
      } catch {
        return
      }
      next.onEnd(copy)
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  }
}

/** Puts `session.id` on every span, the one that `@afn/otel/browser` has, and `user.id` once it is known. */
export function sessionProcessor(userId: () => string | undefined = () => undefined): Processor {
  return {
    onStart(span: { setAttributes(attributes: object): unknown }) {
      const user = userId()
      span.setAttributes({ 'session.id': currentSession(), ...(user !== undefined && { 'user.id': user }) })
    },
    onEnd() {},
    async forceFlush() {},
    async shutdown() {},
  }
}

interface Tracer {
  startSpan(name: string, options: { attributes: Attributes }): { end(): void }
}

/** Each Web Vital as a span `browser.web_vital` of no length, with what caused it. */
export function vitalSpans(tracer: Tracer): void {
  watchVitals(attributes => tracer.startSpan('browser.web_vital', { attributes }).end())
}
