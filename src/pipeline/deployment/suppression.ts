// What drops the telemetry of subjects who objected in the Collector, for senders that are not our SDK. OTTL has no HMAC, so the
// redaction's makes the handle of each id, and a filter compares it with the list.
import { HANDLE_PREFIX, subjectKeys } from '../../app/suppress/list'
import { collectorConfig } from './collector-config'
import { type Plan, planOf } from './plan'
import { renderForCollector } from './render'
import { note, type Section } from './yaml-comments'

/** Under it stand the handles, from the first of the processors to the last. */
const STASH = 'afn.suppression.'

/** In the order in which a pipeline has to have them, before its redaction. */
export const suppressionProcessors = [
  'transform/suppression-ids',
  'redaction/suppression-handles',
  'filter/suppression',
  'transform/suppression-done',
] as const

const HEADER = `
Made by "afn-otel gdpr suppress --collector", anew each time: drops spans and log records that name a subject who objected.
The Collector takes it as a second --config, and reads it again upon SIGHUP. Pipelines that are not those of
otel-collector.yaml of @afn/otel have to name these processors, in this order and before any redaction:
${suppressionProcessors.join(', ')}`

export interface CollectorSuppression {
  readonly handles: Iterable<string>
  /** The variable in which the Collector finds the key of the list. */
  readonly keyVariable: 'AFN_HMAC_KEY' | 'AFN_SUPPRESSION_KEY'
}

/** For a second `--config`. @param isOurs lays the processors into the pipelines of otel-collector.yaml, too */
export function suppressionOverlay(suppression: CollectorSuppression, isOurs: boolean): string {
  return renderForCollector(HEADER, {
    processors: processors(suppression),
    ...(isOurs && { service: { pipelines: pipelines(planOf('single')) } }),
  })
}

function processors({ handles, keyVariable }: CollectorSuppression): Section {
  const [ids, hashed, filter, done] = suppressionProcessors
  // without an alternative an expression would match every text
  const listed = [...handles].sort().join('|') || 'nobody'
  const isListed = (context: string) =>
    subjectKeys.map(key => {
      const handle = stashed(context, key)
      return `${handle} != nil and IsMatch(${handle}, "^(?:${listed})")`
    })
  return {
    [ids]: {
      error_mode: 'ignore',
      trace_statements: ['resource', 'span'].map(stash),
      log_statements: ['resource', 'log'].map(stash),
    },
    [hashed]: {
      allow_all_keys: true,
      blocked_key_patterns: [`^${STASH.replaceAll('.', '\\.')}`],
      hash_function: 'hmac-sha256',
      hmac_key: `\${env:${keyVariable}}`,
      summary: 'silent',
    },
    [filter]: note('The list contains handles: without the key, they identify nobody.', {
      error_mode: 'ignore',
      trace_conditions: ['resource', 'span'].flatMap(isListed),
      log_conditions: ['resource', 'log'].flatMap(isListed),
    }),
    [done]: {
      error_mode: 'ignore',
      trace_statements: ['resource', 'span'].map(unstash),
      log_statements: ['resource', 'log'].map(unstash),
    },
  }
}

const stashed = (context: string, key: string): string => `${context}.attributes["${STASH}${key}"]`

function stash(context: string): Section {
  return {
    statements: subjectKeys.flatMap(key => {
      const [from, to] = [`${context}.attributes["${key}"]`, stashed(context, key)]
      return [
        `set(${to}, Concat(["${HANDLE_PREFIX}", ${from}], "")) where ${from} != nil`,
        `set(${to}, ConvertCase(${to}, "lower")) where ${to} != nil and IsMatch(${to}, "@")`,
      ]
    }),
  }
}

const unstash = (context: string): Section => ({
  statements: [`delete_matching_keys(${context}.attributes, "^${STASH.replaceAll('.', '\\\\.')}")`],
})

/** Right behind what every pipeline begins with. */
function pipelines(plan: Plan): Section {
  const { service } = collectorConfig(plan) as {
    service: { pipelines: Record<string, { receivers: string[]; processors?: string[] }> }
  }
  const fromOutside = Object.entries(service.pipelines).filter(
    ([name, { receivers }]) =>
      /^(?:traces|logs)\//.test(name) && receivers.some(receiver => receiver.startsWith('otlp')),
  )
  return Object.fromEntries(
    fromOutside.map(([name, { processors = [] }]) => {
      const [first = [], rest] = [processors.slice(0, 1), processors.slice(1)]
      return [name, { processors: [...first, ...suppressionProcessors, ...rest] }]
    }),
  )
}
