// What an edit changes, by the names that people know: alerts, objectives, channels, budgets, boards. The rest is named by its file.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { ALERTS_FILE } from '../../pipeline/deployment/alerting'
import { contentOf, leftoversIn } from '../../pipeline/deployment/drift'
import type { GeneratedFile } from '../../pipeline/deployment/generated-file'
import { JOBS_FILE } from '../../pipeline/deployment/jobs'
import { withoutComments } from '../../shared/config/json-comments'
import { MONITORING_FILE } from '../../shared/config/monitoring-config'

/** `added objective shop/fast`, sorted; none where nothing changes. */
export function differencesOf(files: readonly GeneratedFile[], target: string): string[] {
  const present = files.flatMap(file => {
    const content = contentOf(file, target)
    return content === undefined ? [] : [{ path: file.path, content }]
  })
  const leftovers = leftoversIn(files, target).map(at => ({
    path: path.relative(target, at),
    content: readFileSync(at, 'utf8'),
  }))
  const [before, after] = [thingsIn([...present, ...leftovers]), thingsIn(files)]
  return [...new Set([...before.keys(), ...after.keys()])]
    .toSorted()
    .flatMap(name =>
      before.get(name) === after.get(name)
        ? []
        : [`${!before.has(name) ? 'added' : after.has(name) ? 'changed' : 'removed'} ${name}`],
    )
}

interface Rule {
  readonly alert?: string
  readonly labels?: Readonly<Record<string, string>>
}

/** Names → all that they stand for, as text. */
function thingsIn(files: readonly GeneratedFile[]): Map<string, string> {
  const things = new Map<string, string>()
  const add = (name: string, value: unknown) => things.set(name, `${things.get(name) ?? ''}${JSON.stringify(value)}`)
  for (const { path: file, content } of files) {
    const [folder = '', name = ''] = file.includes('/')
      ? [file.slice(0, file.indexOf('/')), path.basename(file)]
      : ['', file]
    if (folder === 'rules') for (const group of rulesIn(content)) addRules(group, add)
    else if (file === 'alertmanager.yml') addRoutes(content, add)
    else if (file === 'compose.yaml') addAll('service', read(content).services, add)
    else if (folder === 'grafana' && name.endsWith('.json')) add(`board ${read(content).title} (${file})`, content)
    else if (file === `commands/${MONITORING_FILE}`)
      for (const budget of read(content).budget_config?.budgets ?? []) add(`budget ${budget.name}`, budget)
    else if (file === `commands/${JOBS_FILE}`) for (const job of read(content).jobs) add(`job ${job.name}`, job)
    // what they say is in alertmanager.yml, rules and budgets
    else if (file === `commands/${ALERTS_FILE}` || file === 'README.md') continue
    else if (folder === 'runbooks') add('runbooks', content)
    else if (/^(?:collector\/|commands\/(?:.*\.cjs|Dockerfile)$)/.test(file)) add(`image of ${folder}/`, content)
    else add(file, content)
  }
  return things
}

// biome-ignore lint/suspicious/noExplicitAny: files of our own
const read = (content: string): any => parse(withoutComments(content)) ?? {}

const rulesIn = (content: string): readonly { readonly rules: readonly Rule[] }[] => read(content).groups ?? []

function addRules({ rules }: { readonly rules: readonly Rule[] }, add: (name: string, value: unknown) => void): void {
  for (const rule of rules) {
    const { sloth_service: service, sloth_slo: slo } = rule.labels ?? {}
    if (slo !== undefined) add(`objective ${service ?? rule.labels?.service}/${slo}`, rule)
    else add(`alert ${rule.alert ?? 'records'}`, rule)
  }
}

function addRoutes(content: string, add: (name: string, value: unknown) => void): void {
  const { receivers = [], ...rest } = read(content)
  for (const { name, ...receiver } of receivers as { name: string }[]) {
    const [, channel] = /^test-(.*)$/.exec(name) ?? []
    if (channel === undefined) add('who is notified', { name, ...receiver })
    else add(`channel ${channel}`, receiver)
  }
  add('who is notified', rest)
}

function addAll(kind: string, map: object, add: (name: string, value: unknown) => void): void {
  for (const [name, value] of Object.entries(map)) add(`${kind} ${name}`, value)
}
