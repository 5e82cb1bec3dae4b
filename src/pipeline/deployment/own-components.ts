// The configuration for a Collector with the components of collector/components, which copy no span that only passes by.
// Pipelines, names of series and everything that reaches a store are those of the configuration with upstream's components alone.
import { ATTR_AFN_REDACTION_RULES } from '../../../semconv'
import type { CollectorSections, Pipeline } from './collector-sections'
import { dataQuality, suspicion } from './data-quality'
import { env } from './environment'
import { acceptance, accepting, roomOnDisk } from './own-acceptance'
import { countedOnDisk } from './own-counts'
import { bounded, sharing } from './own-requests'
import { ruleSet } from './rule-set'
import { spansPastRedaction, toRedact } from './trust'
import { note, type Section } from './yaml-comments'

const [trust, suspect, suspectLlm] = ['afn_trust', 'afn_suspect/every', 'afn_suspect/llm'] as const
const { redacted, llm, unredacted } = spansPastRedaction.pipelines

/** These change nothing that others read, where upstream's say that they might; their settings are the same. */
const stillReading = (id: string): string =>
  id.replace(/^batch\/kept$/, 'afn_copy_batch/kept').replace(/^otlp_grpc\/tempo-/, 'afn_otlp_grpc/tempo-')

/** Of spans; log records and metrics are redacted by upstream's. */
const [expressions, automaton] = ['redaction/pii', 'afn_redaction/pii'] as const

const suspected = (id: string): string =>
  id === dataQuality.every ? suspect : id === dataQuality.llm ? suspectLlm : stillReading(id)

export function withOwnComponents(stock: CollectorSections): Section {
  const config = countedOnDisk(stock)
  const without = (section: Section, ids: readonly string[]): Section =>
    Object.fromEntries(
      Object.entries(section).flatMap(([id, value]) => (ids.includes(id) ? [] : [[stillReading(id), value]])),
    )
  const { connectors, filters } = spansPastRedaction
  return {
    ...config,
    processors: {
      ...roomOnDisk(),
      ...sharing(),
      ...without(config.processors, filters),
      [automaton]: note('Reads each text once, and then applies only those of the expressions that can match.', {
        ...(config.processors[expressions] as Section),
      }),
    },
    exporters: without(config.exporters, []),
    connectors: {
      ...without(config.connectors, connectors),
      [trust]: note(
        `Copies the spans of LLM calls for their own leg, and what is to be redacted; all else passes as it came (${ATTR_AFN_REDACTION_RULES}).`,
        { rules: ruleSet(), redacted, llm, unredacted },
      ),
      [suspect]: note('Copies only spans that may break a rule, and applies the rules to the copies.', {
        rules: 'every',
        ...suspicion,
        canary: env('AFN_CANARY'),
      }),
      [suspectLlm]: { rules: 'llm' },
      ...acceptance,
    },
    service: { ...config.service, pipelines: bounded(accepting(pipelines(config.service.pipelines))) },
  }
}

function pipelines(stock: Record<string, Pipeline>): Record<string, Pipeline> {
  const { entry, copied } = spansPastRedaction.pipelines
  const { [copied]: _, ...others } = stock
  const kept = Object.entries(others).map(([name, { receivers, processors, exporters }]): [string, Pipeline] => [
    name,
    {
      receivers,
      ...(processors && { processors: processors.map(stillReading) }),
      exporters: exporters.map(suspected),
    },
  ])
  const renamed = Object.fromEntries(kept)
  const redact = renamed['traces/redact']!
  const words = renamed[llm]!.processors!.filter(id => !spansPastRedaction.filters.includes(id))
  return {
    ...renamed,
    [entry]: { ...renamed[entry]!, exporters: [trust] },
    'traces/redact': {
      ...redact,
      processors: redact.processors!.map(id => (id === expressions ? automaton : id)),
    },
    [redacted]: { receivers: [trust], exporters: renamed[redacted]!.exporters },
    [llm]: { receivers: [trust], processors: words, exporters: renamed[llm]!.exporters },
    [unredacted]: { receivers: [trust], exporters: [toRedact] },
    'traces/suspect': { receivers: [suspect], exporters: [dataQuality.every] },
    'traces/suspect-llm': { receivers: [suspectLlm], exporters: [dataQuality.llm] },
  }
}
