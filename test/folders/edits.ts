// Edits of a folder's files as people make them, one after the other.
import type { Random } from '../support/random'

export interface Edited {
  objectives: { name: string; objective: number }[]
  routes: string[]
  rules: string[]
  budgets: { name: string; amount: number }[]
  channels: string[]
  /** Days. */
  sampled: number
}

interface Edit {
  readonly what: string
  readonly files: Readonly<Record<string, string>>
  /** What `apply` has to say of it. */
  readonly said: RegExp
}

/** Makes one more, and remembers what is there by then. @param sink where channels post */
export function edits(state: Edited, random: Random, sink: string): Edit {
  const n = random.below(10)
  const number = random.below(1_000_000)
  switch (n) {
    case 0:
    case 1: {
      const name = `way-${number}`
      state.objectives.push({ name, objective: 99 })
      return { what: `objective ${name}`, files: slos(state), said: new RegExp(`^added objective shop/${name}$`, 'm') }
    }
    case 2: {
      const one = state.objectives[random.below(state.objectives.length || 1)]
      if (!one) return edits(state, random, sink)
      one.objective = one.objective === 99 ? 99.5 : 99
      const said = new RegExp(`^changed objective shop/${one.name}$`, 'm')
      return { what: `another objective for ${one.name}`, files: slos(state), said }
    }
    case 3: {
      const one = state.objectives.length > 1 ? state.objectives.shift() : undefined
      if (!one) return edits(state, random, sink)
      const said = new RegExp(`^removed objective shop/${one.name}$`, 'm')
      return { what: `no ${one.name} any more`, files: slos(state), said }
    }
    case 4: {
      const name = `hook-${number}`
      state.channels.push(name)
      const files = { ...alerts(state), [`secrets/${name}`]: `${sink}/hook` }
      return { what: `channel ${name}`, files, said: new RegExp(`^added channel ${name}$`, 'm') }
    }
    case 5: {
      state.routes.push(`team-${number}`)
      return { what: `route team-${number}`, files: alerts(state), said: /^changed who is notified$/m }
    }
    case 6: {
      const name = `Rule${number}`
      state.rules.push(name)
      return { what: `rule ${name}`, files: alerts(state), said: new RegExp(`^added alert ${name}$`, 'm') }
    }
    case 7: {
      const name = `budget-${number}`
      state.budgets.push({ name, amount: 100 + number })
      const text = JSON.stringify({
        budget_config: { budgets: state.budgets.map(one => ({ ...one, period: 'month' })) },
      })
      const said = new RegExp(`^added budget ${name}$`, 'm')
      return { what: `budget ${name}`, files: { 'monitoring-config.json': text }, said }
    }
    case 8: {
      const files = { 'secrets/discord_webhook_url': `${sink}/api/webhooks/1/${number}` }
      return { what: 'another webhook', files, said: /^no changes in the generated files$/m }
    }
    default: {
      state.sampled = state.sampled === 30 ? 45 : 30
      const files = { 'afn-otel.config.yaml': `pipeline:\n  retention: { traces: { sampled: ${state.sampled} } }\n` }
      return { what: `sampled for ${state.sampled} days`, files, said: /^changed tempo-overrides\.yaml$/m }
    }
  }
}

function slos({ objectives }: Edited): Record<string, string> {
  const each = objectives.map(
    ({ name, objective }) =>
      `  - name: ${name}\n    objective: ${objective}\n    sli:\n      latency: { metric: http.server.request.duration, threshold: 2s }\n`,
  )
  return { 'slo.yaml': `version: prometheus/v1\nservice: shop\nslos:\n${each.join('')}` }
}

function alerts({ channels, routes, rules }: Edited): Record<string, string> {
  const lines = [
    'channels:',
    '  discord: { kind: discord, webhook_url_file: secrets/discord_webhook_url }',
    ...channels.map(name => `  ${name}: { kind: webhook, url_file: secrets/${name} }`),
    ...(routes.length > 0
      ? ['routes:', ...routes.map(team => `  - { match: { team: ${team} }, channels: [discord] }`)]
      : []),
    ...(rules.length > 0
      ? ['rules:', ...rules.map(name => `  - { name: ${name}, expr: up == 0, severity: low, service: shop }`)]
      : []),
  ]
  return { 'alerts-config.yaml': `${lines.join('\n')}\n` }
}
