// The alert of agents that get nowhere: apps count their calls where AFN_LOOPS is on.
import {
  ATTR_AFN_LLM_LOOP_STOPPED,
  ATTR_GEN_AI_REQUEST_MODEL,
  METRIC_AFN_LLM_LOOPING_OPERATIONS,
  METRIC_OPTIONS_AFN_LLM_LOOPING_OPERATIONS,
} from '../../../semconv'
import { labelName, metricName } from '../../shared/otlp/prometheus-names'
import type { Alert } from './alert'
import { app, appName, grown } from './growth'

const { unit } = METRIC_OPTIONS_AFN_LLM_LOOPING_OPERATIONS
const looping = metricName(METRIC_AFN_LLM_LOOPING_OPERATIONS, unit, 'counter')!
const [model, stopped] = [labelName(ATTR_GEN_AI_REQUEST_MODEL)!, labelName(ATTR_AFN_LLM_LOOP_STOPPED)!]

export const agentAlerts: readonly Alert[] = [
  {
    name: 'AfnAgentLoop',
    severity: 'medium',
    service: appName,
    expr: grown(looping, '10m', [...app, model, stopped], 'otelcol'),
    summary: `An agent of ${appName} made {{ $value | humanize }} calls of {{ $labels.${model} }} in a loop (stopped: {{ $labels.${stopped} }}).`,
    description:
      'It made the same steps with the same results at least three times in a row. Unless it was stopped, each further call costs more, since its history grows.',
    remedy:
      'Find the tool in afn.llm.loop.tools of its spans, and let it say what the model has to do differently; AFN_LOOPS=stop ends such runs.',
  },
]
