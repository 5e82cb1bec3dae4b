// The policies of src/shared/tiers as tail_sampling policies. src/shared/tiers/decide.ts has the same semantics
// in TypeScript; test/collector proves that both agree.
import { healthCheck, type Policies } from '../../shared/tiers'
import { note, type Section } from './yaml-comments'

const attribute = (key: string): string => `span.attributes["${key}"]`
const anyOf = (conditions: string[]): string => `(${conditions.join(' or ')})`

/** OTTL compares a missing attribute with a number as false, an int with a double by value, a string never. */
function refusedClient({ retried, notOnClient: { attributes, from, below } }: Policies['errors']): string {
  const refused = attributes.map(key => `(${attribute(key)} >= ${from} and ${attribute(key)} < ${below})`)
  return `(span.kind == SPAN_KIND_CLIENT and ${attribute(retried)} != false and ${anyOf(refused)})`
}

const answersHealth = anyOf(healthCheck.attributes.map(key => `IsMatch(${attribute(key)}, "${healthCheck.path}")`))
const healthServer = `span.kind == SPAN_KIND_SERVER and ${answersHealth}`
const notHealth = anyOf([
  `(span.kind == SPAN_KIND_SERVER and not ${answersHealth})`,
  '(IsRootSpan() and span.kind != SPAN_KIND_SERVER and span.kind != SPAN_KIND_CLIENT)',
])

function poor({ attribute: mapped, orElse: fallback, below }: Policies['low_quality']): string {
  return `(${attribute(mapped)} < ${below} or (${attribute(fallback)} < ${below} and ${attribute(mapped)} == nil))`
}

interface Conditions {
  span?: string[]
  spanevent?: string[]
}

function ottl(name: string, conditions: Conditions): Section {
  return { name, type: 'ottl_condition', ottl_condition: { error_mode: 'ignore', ...conditions } }
}

const not = (name: string, policy: Section): Section => ({ name, type: 'not', not: { not_sub_policy: policy } })

function onSpanOrEvent(name: string, condition: string): Section {
  const ofEvent = condition.replaceAll('span.attributes', 'spanevent.attributes')
  return ottl(name, { span: [condition], spanevent: [ofEvent] })
}

/** The policy of the errors tier. Both samplers have it, or the tiers would not nest. */
export function errorsPolicy({ errors }: Policies, name: string = 'errors'): Section {
  const counts = `${attribute(errors.retried)} != true and not ${refusedClient(errors)}`
  return ottl(name, {
    span: [`(span.status.code == STATUS_CODE_ERROR or ${attribute(errors.logged)} == true) and ${counts}`],
    spanevent: [`spanevent.name == "${errors.event}" and ${counts}`],
  })
}

/** What lifts a trace from detailed to sampled. */
export function keepPolicies(policies: Policies): Section[] {
  const { slow, costly, low_quality, guardrail, baseline } = policies
  return [
    note('Passing health checks stay in detailed. A drop policy is evaluated first and overrides all others.', {
      name: 'health_check',
      type: 'drop',
      drop: {
        drop_sub_policy: [
          ottl('has_health_server', { span: [healthServer] }),
          not('has_nothing_else', ottl('has_other', { span: [notHealth] })),
          not('has_no_error', errorsPolicy(policies, 'has_error')),
        ],
      },
    }),
    errorsPolicy(policies),
    { name: 'slow', type: 'latency', latency: { threshold_ms: slow.overMs } },
    ottl('costly', { span: [`${attribute(costly.attribute)} > ${costly.over}`] }),
    note(
      'Covers only scores that arrive before the decision; reconcile handles later ones.',
      onSpanOrEvent('low_quality', poor(low_quality)),
    ),
    ottl('guardrail', { span: [`${attribute(guardrail.attribute)} == true`] }),
    note('Depends only on the trace ID. No variable changes it, because decide() must agree with it.', {
      name: 'baseline',
      type: 'probabilistic',
      probabilistic: { hash_salt: baseline.salt, sampling_percentage: baseline.percent },
    }),
  ]
}
