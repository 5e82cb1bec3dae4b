// `afn-otel apply [DIR]`: brings what was edited in a generated folder to what runs, as a whole or not at all.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { alertmanagerAt } from '../alerts/api'
import { testChannel } from '../alerts/channel-test'
import { checkAlerts } from '../alerts/check'
import { ALERTS_FILE, type Alerting } from '../pipeline/alerting'
import { profileIn } from '../pipeline/drift'
import { published, urlOf } from '../pipeline/hosts'
import type { Plan } from '../pipeline/plan'
import { BackendError } from '../queries/http'
import { secondsOfDuration } from '../queries/window'
import { bringToContainers, compose } from './folder/compose'
import { differencesOf } from './folder/differences'
import { clusterSteps } from './folder/kubernetes'
import { type Prepared, prepare } from './folder/prepare'
import { type Addresses, loadedNow, RefusedConfig, untilSame } from './folder/running'
import { inTheWay, writeFolder } from './folder/write'
import { helpOption, print } from './help'
import { lineOf } from './mistakes'
import { type Options, optionLines } from './options'
import { plainText } from './terminal'

export const options = {
  'dry-run': { type: 'boolean', default: false, help: 'says what would change, and changes nothing' },
  'no-test': { type: 'boolean', default: false, help: 'sends no test to the channels' },
  timeout: { type: 'string', default: '90s', help: 'how long it is waited until all run what is written' },
} as const satisfies Options

const help = `Usage: afn-otel apply [DIR] [--dry-run]

In a folder of afn-otel generate [the working directory], after an edit of slo.yaml, alerts-config.yaml, monitoring-config.json, of what
stands under "pipeline" in afn-otel.config.yaml, or of a secret:

1. checks all of them. One mistake, and nothing changes; each is named as FILE:LINE:COLUMN
2. writes what follows from them, and says which alerts, objectives, channels, budgets and boards were added, changed or removed
3. starts what is new (docker compose up -d), and lets Prometheus, Alertmanager, the alert receiver and the jobs read their files again
4. waits until each says that it goes by what is written; what one refuses is put back
5. sends a test, marked as one, to each channel

For a cluster it does the first two, and prints what is left to do with kubectl.

${optionLines(options)}

Exit codes: 0 all run what is written, and each channel took its test; 1 a refusal, or one is not there; 2 a mistake, or the command is not right.`

/** @returns the exit code, as `help` says */
export async function apply(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  if (values.help) return print(help)
  const [target = '.', more] = positionals
  if (more !== undefined) throw new Error(`apply takes one folder: what is "${more}"?`)
  const timeoutMs = secondsOfDuration('--timeout', values.timeout) * 1_000
  const profile = profileIn(target)
  if (!profile)
    throw new Error(
      `${target} is no folder of afn-otel generate; make it one with: afn-otel generate --target ${target}`,
    )
  const prepared = prepare(profile, target)
  const mistakes = 'mistakes' in prepared ? prepared.mistakes : mistakesOfSecrets(target)
  if ('mistakes' in prepared || mistakes.length > 0) {
    for (const mistake of mistakes) console.error(mistake)
    console.error('afn-otel apply: nothing was written, and what runs stays as it is')
    return 2
  }
  const strangers = inTheWay(prepared, target)
  if (strangers.length > 0) {
    console.error(`afn-otel apply: ${strangers.join(', ')}: not written by afn-otel; move what is there away`)
    return 1
  }
  const differences = differencesOf([...prepared.files, ...prepared.edited], target)
  console.log(differences.length > 0 ? plainText(differences.join('\n')) : 'nothing changes in what is written')
  if (values['dry-run']) return 0
  if (profile === 'cluster') {
    const { changed } = writeFolder(prepared, target)
    return print(clusterSteps(changed).join('\n'))
  }
  const addresses = addressesOf(prepared)
  return (await bring(prepared, target, addresses, timeoutMs)) &&
    (values['no-test'] || (await testAll(prepared.alerting, target, addresses)))
    ? 0
    : 1
}

/** What stands in the files of secrets, which `generate` need not have. */
function mistakesOfSecrets(target: string): string[] {
  const file = ['', target].map(folder => path.join(folder, ALERTS_FILE)).find(existsSync)
  if (file === undefined) return []
  const { mistakes, notes } = checkAlerts(readFileSync(file, 'utf8'), path.resolve(target))
  for (const note of notes) console.error(lineOf(file, note, 'note: '))
  return mistakes.map(mistake => lineOf(file, mistake))
}

/** @returns whether all run what is written */
async function bring(prepared: Prepared, target: string, addresses: Addresses, timeoutMs: number): Promise<boolean> {
  let undo: (() => void) | undefined
  let changed: readonly string[] = []
  try {
    await compose(target, 'version')
    const before = await loadedNow(addresses)
    const written = writeFolder(prepared, target)
    undo = written.undo
    changed = written.changed
    await bringToContainers(target, changed)
    const left = await untilSame(target, addresses, before, timeoutMs)
    for (const line of left) console.error(plainText(`afn-otel apply: ${line}`))
    if (left.length === 0) console.log('all run what is written')
    return left.length === 0
  } catch (error) {
    if (!(error instanceof BackendError || error instanceof RefusedConfig)) throw error
    console.error(plainText(`afn-otel apply: ${error.message}`))
    if (undo) {
      undo()
      await bringToContainers(target, changed).catch(() => {})
      console.error('afn-otel apply: the files are as they were before, and so is what runs')
    }
    return false
  }
}

function addressesOf({ plan, alerting }: { readonly plan: Plan; readonly alerting: Alerting }): Addresses {
  const { env } = process
  const at = (named: string | undefined, port: number) => (named || urlOf(port)).replace(/\/+$/, '')
  const { high, medium, low } = published.prometheus
  return {
    prometheus: {
      high: at(env.AFN_PROMETHEUS_URL, high),
      ...(plan.metrics === 'three' && {
        medium: at(env.AFN_PROMETHEUS_MEDIUM, medium),
        low: at(env.AFN_PROMETHEUS_LOW, low),
      }),
    },
    alertmanager: at(env.AFN_ALERTMANAGER_URL, published.alertmanager),
    receiver: alerting.alerts.receiver && at(env.AFN_ALERTS_URL, published.alerts),
    jobs: at(env.AFN_JOBS_URL, published.jobs),
  }
}

/** @returns whether each channel took its test */
async function testAll({ alerts }: Alerting, target: string, addresses: Addresses): Promise<boolean> {
  const receiver = alerts.receiver && { ...alerts.receiver, url: addresses.receiver! }
  const alertmanager = alertmanagerAt(addresses.alertmanager)
  const severity = 'low' as const
  let all = true
  // one by one: what Alertmanager counts is of all channels of a kind
  for (const [name, channel] of Object.entries(alerts.channels))
    try {
      const folder = path.resolve(target)
      const test = { alertmanager, name, channel, severity, folder, receiver, timeoutMs: 30_000 }
      const { verdict, words, id } = await testChannel(test)
      all &&= verdict !== 'refused'
      console.log(plainText(`${name}: ${verdict}${verdict === 'refused' ? ': ' : ' '}${words} (test ${id})`))
    } catch (error) {
      if (!(error instanceof BackendError)) throw error
      all = false
      console.error(plainText(`afn-otel apply: ${name}: ${error.message}`))
    }
  return all
}
