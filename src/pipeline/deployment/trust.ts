// Spans that our SDK has redacted by the rules of this very configuration needn't be redacted again,
// which is half of what the funnel costs. Any attribute can be forged: the mark counts on the listener that asks for a
// token, and is taken off everywhere else.
import { ATTR_AFN_REDACTION_RULES } from '../../../semconv'
import { renamed } from '../../shared/config/renamed'
import type { Legs } from './collector-sections'
import { counts } from './count-connectors'
import { dataQuality } from './data-quality'
import { env } from './environment'
import { isNoLlm, place, toLangfuse } from './langfuse-leg'
import type { Plan } from './plan'
import { ruleSet } from './rule-set'
import { note, type Section } from './yaml-comments'

/** Of the traces with the mark one in 256 is redacted all the same, so that what the first line misses is counted. */
const inSample = 'HasSuffix(span.trace_id.string, "00")'
const isMarked = `resource.attributes["${ATTR_AFN_REDACTION_RULES}"] == "${ruleSet()}"`

/** What the open listener's pipelines begin with, and all of metrics and logs: what our SDK does for its own spans. */
export const unmark = 'resource/unmark'
/** What all traces that are to be redacted come out of, and all others past it. */
export const toRedact = 'forward/redact'
/** What the store of LLM calls gets. */
export const toLlm = 'forward/llm'
const [trusted, toCopied] = ['forward/trusted', 'forward/beside']

/** What sorts the spans of trusted senders, by upstream's components: own-components.ts has a connector in their place. */
export const spansPastRedaction = {
  pipelines: {
    entry: 'traces/trusted',
    copied: 'traces/beside',
    redacted: 'traces/redacted',
    llm: 'traces/redacted-llm',
    unredacted: 'traces/unredacted',
  },
  connectors: [trusted, toCopied],
  filters: ['filter/redacted', 'filter/beside', 'filter/unredacted'],
}

export const trustedReceiver = (): Section =>
  note('For apps with this SDK. Without a token, the Collector does not start, because it refuses an empty one.', {
    protocols: {
      http: {
        endpoint: env('AFN_OTLP_TRUSTED_HTTP'),
        max_request_body_size: 16 * 2 ** 20,
        auth: { authenticator: 'bearertokenauth/ingest' },
      },
    },
  })

export const unmarking = (): Section =>
  note(
    'Any sender can set the mark of redacted spans, so it is ignored here. Data from older SDKs gets the current names.',
    {
      attributes: [
        { key: ATTR_AFN_REDACTION_RULES, action: 'delete' },
        ...renamed.map(([from, key]) => ({ key, from_attribute: from, action: 'insert' })),
      ],
    },
  )

export const ingestToken = (): Section => ({ 'bearertokenauth/ingest': { token: env('AFN_INGEST_TOKEN') } })

export function trustLegs({ langfuse }: Plan): Legs {
  return {
    processors: {
      [unmark]: unmarking(),
      'filter/redacted': note('Keeps spans that were redacted by these rules, except the sample.', {
        error_mode: 'propagate',
        trace_conditions: [`not (${isMarked})`, inSample],
      }),
      'filter/beside': note(
        [
          'A filter receives a copy of every span, which costs more than everything else here. So trusted spans are copied once, and',
          'the copy serves both pipelines that need a few of them.',
        ].join('\n'),
        { error_mode: 'propagate', trace_conditions: [`${isNoLlm} and ${isMarked} and not (${inSample})`] },
      ),
      'filter/unredacted': note('Keeps the rest: spans without a mark, with a mark of other rules, and the sample.', {
        error_mode: 'propagate',
        trace_conditions: [`${isMarked} and not (${inSample})`],
      }),
    },
    exporters: {},
    connectors: { [toRedact]: {}, ...(langfuse && { [toLlm]: {} }), [trusted]: {}, [toCopied]: {} },
    pipelines: {
      'traces/open': { receivers: ['otlp'], processors: ['memory_limiter', unmark], exporters: [toRedact] },
      'traces/trusted': { receivers: ['otlp/trusted'], processors: ['memory_limiter'], exporters: [trusted] },
      'traces/redacted': {
        receivers: [trusted],
        processors: ['filter/redacted'],
        exporters: ['forward/clean'],
      },
      'traces/beside': { receivers: [trusted], processors: ['filter/beside'], exporters: [toCopied] },
      'traces/redacted-llm': {
        receivers: [toCopied],
        processors: ['filter/redacted', ...(langfuse ? [place, 'batch/swallow'] : [])],
        exporters: [...(langfuse ? [toLangfuse] : []), dataQuality.llm, counts.llm],
      },
      'traces/unredacted': { receivers: [toCopied], processors: ['filter/unredacted'], exporters: [toRedact] },
    },
  }
}
