// What goes to LangFuse, and in what words.
import { ATTR_AFN_LLM_LOCAL_ROOT, ATTR_GEN_AI_OPERATION_NAME } from '../../../semconv'
import type { Legs } from './collector-sections'
import { langfuse } from './exporters'
import { langfusePlaces, langfuseWords } from './langfuse-words'
import type { Plan } from './plan'
import { note } from './yaml-comments'

/** In OTTL. */
export const isNoLlm = [
  `span.attributes["${ATTR_GEN_AI_OPERATION_NAME}"] == nil`,
  'span.attributes["langfuse.observation.type"] == nil',
  `span.attributes["${ATTR_AFN_LLM_LOCAL_ROOT}"] != true`,
].join(' and ')

/** What the way of our own spans is made of: see trust.ts. */
export const [place, toLangfuse] = ['transform/langfuse-place', 'otlp_http/langfuse'] as const

export const langfuseLeg = (plan: Plan): Legs =>
  plan.langfuse ? leg(plan) : { processors: {}, exporters: {}, connectors: {}, pipelines: {} }

const leg = (plan: Plan): Legs => ({
  processors: {
    'filter/llm': note(
      [
        'LLM spans, and the span that is their root in each process, which the SDK marks. Keeping every root',
        'would send every plain HTTP request to LangFuse.',
      ].join('\n'),
      {
        error_mode: 'ignore',
        trace_conditions: [isNoLlm],
      },
    ),
    'transform/langfuse': langfuseWords(),
    [place]: langfusePlaces(),
  },
  exporters: { [toLangfuse]: langfuse(plan) },
  connectors: {},
  pipelines: {
    'traces/llm': {
      receivers: ['forward/llm'],
      processors: ['filter/llm', 'transform/langfuse', 'batch/swallow'],
      exporters: [toLangfuse],
    },
  },
})
