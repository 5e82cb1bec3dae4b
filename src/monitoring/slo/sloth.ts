/** `compat: sloth`: generates the rules of sloth 0.16 for the same file, including its names, averages and NaN. */
import { inWindow, queriesOf } from './queries'
import { filterOf, metaRules, ofParts, ratioRecord, windowRule } from './recording-rules'
import type { Rule, RuleGroup } from './rule-file'
import { budgetOf, type Slo, tidy } from './spec'
import { periodSeconds, promDuration, type Tier, tiersOf, windowSeconds } from './windows'

export function slothGroups(slo: Slo): RuleGroup[] {
  const alerts = (['page', 'ticket'] as const).filter(severity => !slo.alerts[severity].disabled)
  return [
    { name: `sloth-slo-sli-recordings-${slo.id}`, rules: sliRules(slo) },
    { name: `sloth-slo-meta-recordings-${slo.id}`, rules: burnRules(slo) },
    ...(alerts.length > 0
      ? [{ name: `sloth-slo-alerts-${slo.id}`, rules: alerts.map(severity => alert(slo, severity)) }]
      : []),
  ]
}

function sliRules(slo: Slo): Rule[] {
  const period = promDuration(periodSeconds[slo.period])
  const record = `${ratioRecord('5m')}${filterOf(slo)}[${period}]`
  const rule = (window: string, expr: string) => windowRule(slo, window, ratioRecord(window), expr)
  return [
    ...windowSeconds.map(promDuration).map(window => rule(window, ratioOf(slo, window))),
    rule(period, `sum_over_time(${record})\n/ ignoring (sloth_window)\ncount_over_time(${record})\n`),
  ]
}

function ratioOf(slo: Slo, window: string): string {
  const { sli } = slo
  if (sli.kind === 'raw') return `(${inWindow(sli.errorRatioQuery, window)})`
  if (sli.kind === 'events') return `(${inWindow(sli.errorQuery, window)})\n/\n(${inWindow(sli.totalQuery, window)})\n`
  const { errors, total } = ofParts(slo, queriesOf(sli, window))
  return `(${errors})\n/\n(${total})\n`
}

function burnRules(slo: Slo): Rule[] {
  const filter = filterOf(slo)
  const burn = (window: string) =>
    `${ratioRecord(window)}${filter}\n/ on(sloth_id, sloth_slo, sloth_service) group_left\nslo:error_budget:ratio${filter}\n`
  return metaRules(slo, `1-${tidy(slo.objective / 100)}`, {
    'slo:current_burn_rate:ratio': burn('5m'),
    'slo:period_burn_rate:ratio': burn(promDuration(periodSeconds[slo.period])),
    'slo:period_error_budget_remaining:ratio': `1 - slo:period_burn_rate:ratio${filter}`,
  })
}

function alert(slo: Slo, severity: 'page' | 'ticket'): Rule {
  const tiers = tiersOf(slo).filter(({ slothSeverity }) => slothSeverity === severity)
  const { labels, annotations } = slo.alerts[severity]
  return {
    alert: slo.alerts.name,
    expr: `${tiers.map(tier => both(slo, tier)).join('\nor\n')}\n`,
    labels: { sloth_severity: severity, ...labels },
    annotations: {
      summary: '{{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is over expected.',
      title: `(${severity}) {{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is too fast.`,
      ...annotations,
    },
  }
}

function both(slo: Slo, { short, long, factor }: Tier): string {
  const above = (window: number) =>
    `    max(${ratioRecord(promDuration(window))}${filterOf(slo)} > (${factor} * ${budgetOf(slo)})) without (sloth_window)`
  return `(\n${above(short)}\n    and\n${above(long)}\n)`
}
