// docs/runbooks: a page for every alert of ours and none besides, with commands that are there. People read them in the night.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { published } from '../../src/pipeline/deployment/hosts'
import { planOf } from '../../src/pipeline/deployment/plan'
import { type ProfileName, profiles } from '../../src/pipeline/deployment/profiles'
import { knownMetrics } from './known'
import { read } from './promql'

const root = path.resolve(import.meta.dirname, '../..')
const folder = path.join(root, 'docs/runbooks')
const textOf = (file: string) => readFileSync(path.join(folder, file), 'utf8')
const pages = readdirSync(folder)
  .filter(file => !file.endsWith('.ja.md'))
  .map(file => ({ name: path.basename(file, '.md'), text: textOf(file) }))

/** The tiers of an objective have a page each, whatever the objective is called. */
const ofObjectives = ['FastBurn', 'MediumBurn', 'SlowBurn', 'LongTermBurn', 'MetricAbsent', 'DataInvalid'].map(
  tier => `SLO${tier}`,
)

/** No rule of Prometheus raises these: `afn-otel cost budget` does. */
const ofCosts = ['AfnBudgetForecast', 'AfnBudgetThreshold', 'AfnCostTrackingBroken', 'AfnModelRetirement']

const generated = [
  ...(Object.keys(profiles) as ProfileName[]).map(name => [name, {}] as const),
  ['cluster', { bucket: { name: 'afn' } }] as const,
].map(([name, own]) => {
  const files = generateFiles(planOf(name, { ...own, langfuse: true }))
  return { name, files, text: (file: string) => files.find(({ path }) => path === file)?.content }
})
const alerts = new Map(
  generated
    .flatMap(({ text }) => parse(text('rules/afn-pipeline.yml')!).groups)
    .flatMap(({ rules }: { rules: { alert: string; labels: { severity: string } }[] }) => rules)
    .map(({ alert, labels }) => [alert, labels.severity] as const)
    // of two that have one name the more severe one comes first
    .reverse(),
)

const services = new Set(
  generated.flatMap(({ text }) => Object.keys(parse(text('compose.yaml') ?? 'services: {}').services)),
)
const objects = new Set(
  generated
    .flatMap(({ files }) => files.filter(({ path: file }) => file.startsWith('k8s/')))
    .flatMap(({ content }) => parseAllDocuments(content).map(document => document.toJS()))
    .map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`),
)
const ports = new Set(JSON.stringify(published).match(/\d+/g)!)
const questions = readdirSync(path.join(root, 'collector/queries')).map(file => file.replace(/\.\w+$/, ''))
const main = readFileSync(path.join(root, 'src/cli/commands.ts'), 'utf8')
const commands = [...main.matchAll(/^ {4}(\w+): \{$/gm)].map(([, name]) => name!)
/** Everything that a command says of itself. */
const helpOf = (name: string): string => {
  const base = path.join(root, 'src/cli', name)
  const files = existsSync(base) ? readdirSync(base).map(file => path.join(base, file)) : []
  return [`${base}.ts`, ...files].map(file => readFileSync(file, 'utf8')).join('\n')
}
const known = knownMetrics()

/** What is wrong with a command; undefined where nothing is. */
function wrongWith(command: string): string | undefined {
  const words = command.match(/'[^']*'|"[^"]*"|\S+/g)!
  if (command.startsWith('npx afn-otel ')) return wrongWithOurs(words.slice(2))
  if (command.startsWith('docker compose ')) {
    const verb = words[2]!
    if (!['ps', 'logs', 'up', 'restart', 'exec', 'kill'].includes(verb)) return `no verb ${verb}`
    const named = words.slice(3).filter(word => /^[a-z][\w-]*$/.test(word))
    return (verb === 'exec' ? named.slice(0, 1) : named)
      .filter(word => !services.has(word))
      .map(word => `no service ${word}`)[0]
  }
  if (command.startsWith('kubectl ')) {
    if (!command.startsWith('kubectl -n afn-otel ')) return 'not in our namespace'
    const pod = /\b([a-z-]+)-\d\b/.exec(command)?.[1]
    const object = /\b(?:statefulset|deployment)\/[\w-]+/.exec(command)?.[0]
    return [pod && `statefulset/${pod}`, object].filter(name => name && !objects.has(name)).map(name => `no ${name}`)[0]
  }
  const port = /127\.0\.0\.1:(\d+)/.exec(command)?.[1]
  return port && !ports.has(port) && !['9093', '9095'].includes(port) ? `nothing at port ${port}` : undefined
}

function wrongWithOurs([name = '', ...words]: string[]): string | undefined {
  if (!commands.includes(name)) return `no command ${name}`
  const help = helpOf(name)
  const option = words.filter(word => word.startsWith('--')).find(word => !help.includes(word))
  if (option) return `${name} has no option ${option}`
  const [first = ''] = words
  if (name === 'query') {
    const quoted = /^'(.*)'$/.exec(first)?.[1]
    if (quoted === undefined) return questions.includes(first) ? undefined : `no question ${first}`
    return quoted.startsWith('{ ') ? undefined : wrongWithPromql(quoted)
  }
  return /^[a-z]+$/.test(first) && !new RegExp(`\\b${first}\\b`).test(help) ? `${name} has no ${first}` : undefined
}

function wrongWithPromql(text: string): string | undefined {
  const missing = read(text).selectors.find(
    ({ metric }) => metric !== undefined && !known.has(metric) && !metric.startsWith('slo:'),
  )
  return missing && `nothing has the metric ${missing.metric}`
}

const blocks = (text: string) =>
  [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!.trim().split('\n'))
const inline = (text: string) =>
  [...text.replace(/^```.*?^```$/gms, '').matchAll(/`([^`]+)`/g)]
    .map(([, code]) => code!)
    .filter(code => /^(?:npx|docker|kubectl|curl) /.test(code))

it('every alert has its page, and every page is of an alert', () => {
  expect(pages.map(({ name }) => name).sort()).toEqual([...alerts.keys(), ...ofObjectives, ...ofCosts].sort())
})

describe.each(pages)('$name', ({ name, text }) => {
  it('says what it means, names three commands and how to silence it', () => {
    expect(text).toMatch(new RegExp(`^# ${name}\\n\\nSeverity: `))
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(['What it means', 'First three commands', 'How to silence'])
    expect(blocks(text)[0]).toHaveLength(3)
    const silence = name.startsWith('SLO')
      ? `'alertname=~".*${name.slice(3)}"' sloth_slo=<sloth_slo>`
      : `alertname=${name}`
    expect(blocks(text).at(-1)).toEqual([`npx afn-otel alerts silence add ${silence} --for 2h --comment "why"`])
    expect(text).toMatch(/^1\. /m)
  })

  it('says the same in Japanese: as many steps, and the same commands', () => {
    const japanese = textOf(`${name}.ja.md`)
    const shape = (page: string) => ({
      commands: blocks(page),
      steps: page.match(/^\d+\. /gm)?.length,
      placeholders: page.match(/<[a-z_]+>/g)?.sort(),
      linked: [...new Set(page.match(/\b(?:Afn|SLO)[A-Z]\w+/g))].sort(),
    })
    expect(shape(japanese)).toEqual(shape(text))
    expect(japanese).toMatch(new RegExp(`^# ${name}\n\n重大度: `))
    const own = inline(japanese)
    expect(own.flatMap(command => wrongWith(command) ?? []).join('\n')).toBe('')
  })

  it.runIf(alerts.has(name))('has the severity of its alert', () => {
    expect(text).toContain(`\nSeverity: ${alerts.get(name)}`)
  })

  it('names commands, services, metrics and pages that there are', () => {
    const all = [...blocks(text).flat(), ...inline(text)]
    expect(all.flatMap(command => wrongWith(command) ?? []).join('\n')).toBe('')
    const linked = text.match(/\b(?:Afn|SLO)[A-Z]\w+/g) ?? []
    expect(linked.filter(other => !pages.some(page => page.name === other))).toEqual([])
  })
})

it.each([
  ['npx afn-otel doktor', /no command doktor/],
  ['npx afn-otel reconcile --hours 3', /no option --hours/],
  ['npx afn-otel query no-such-question', /no question/],
  ["npx afn-otel query 'otelcol_exporter_sent_spans_total'", /nothing has the metric/],
  ['docker compose logs --since 15m collector', /no service collector/],
  ['kubectl -n afn-otel logs statefulset/gateway', /no statefulset\/gateway/],
  ['curl -s http://127.0.0.1:9099/metrics', /nothing at port 9099/],
])('the check finds what is wrong with %s', (command, sentence) => {
  expect(wrongWith(command)).toMatch(sentence)
})
