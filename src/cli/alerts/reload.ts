// `afn-otel alerts reload [FILE]`
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { metricsOf, reload as reloadBackend } from '../../monitoring/alerts/api'
import { CONFIGURATION, configHash, filesOf, strangersAmong, write } from '../../monitoring/alerts/output-files'
import { planOf } from '../../pipeline/deployment/plan'
import { type Backend, BackendError } from '../../shared/queries/http'
import { prometheusOf, prometheusOption } from '../backends'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { pipelineSettings } from '../pipeline-settings'
import { alertmanagerOf, alertmanagerOption } from './alertmanager'
import { configIn, findAlerts } from './file'

export const options = {
  target: {
    type: 'string',
    argument: 'DIR',
    help: 'first writes DIR/alertmanager.yml and DIR/rules/alerts-config.yml; rolls back what Alertmanager rejects',
  },
  secrets: {
    type: 'string',
    argument: 'DIR',
    help: 'folder that Alertmanager resolves secret paths against',
    otherwise: 'the folder of FILE',
  },
  only: { type: 'string', argument: 'NAME', help: 'reloads only alertmanager or prometheus' },
  ...alertmanagerOption,
  ...prometheusOption,
} as const satisfies Options

const help = `Usage: afn-otel alerts reload [FILE] [--target DIR]

Checks FILE [alerts-config.yaml], reloads Alertmanager and Prometheus, and reports whether they accepted the configuration. If FILE
has errors, nothing is written and no server is called.

In a folder made by afn-otel generate, use afn-otel apply instead, which includes this. For your own Alertmanager and Prometheus:

${optionLines(options)}

Exit codes: 0 both run the new configuration; 1 FILE has errors, or a server rejected it or is unreachable; 2 usage error.`

export async function reload(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  if (values.help) return print(help)
  const [named, more] = positionals
  if (more !== undefined) throw new Error(`unexpected argument "${more}"; alerts reload takes one file`)
  const backends = backendsOf(values)
  const found = findAlerts(named)
  const config = configIn(found)
  if (!config) {
    console.error('afn-otel alerts reload: nothing was written; the running configuration is unchanged')
    return 1
  }
  let undo: (() => void) | undefined
  if (values.target !== undefined) {
    const files = filesOf(
      config,
      found.name,
      values.secrets ?? found.folder,
      planOf('single', pipelineSettings()).urls.receiver,
    )
    const strangers = strangersAmong(files, values.target)
    if (strangers.length > 0) {
      console.error(
        `afn-otel alerts reload: ${strangers.join(' and ')} was not written by this command; move it away, choose another --target, or run afn-otel generate if that wrote it`,
      )
      return 1
    }
    undo = write(files, values.target)
  }
  return reloadAll(backends, path.join(values.target ?? '.', CONFIGURATION), undo)
}

function backendsOf({
  only,
  alertmanager,
  prometheus,
}: {
  only?: string
  alertmanager?: string
  prometheus?: string
}): Backend[] {
  if (only !== undefined && only !== 'alertmanager' && only !== 'prometheus')
    throw new Error(`--only takes alertmanager or prometheus, not "${only}"`)
  const all = [alertmanagerOf(alertmanager), prometheusOf(prometheus)]
  return only === undefined ? all : all.filter(({ name }) => name.toLowerCase() === only)
}

/** @param undo restores the files if Alertmanager rejects them, because it could not restart with them */
async function reloadAll(
  backends: readonly Backend[],
  configuration: string,
  undo: (() => void) | undefined,
): Promise<number> {
  let code = 0
  const taken: Backend[] = []
  for (const backend of backends) {
    try {
      await reloadBackend(backend)
      console.log(await stateOf(backend, configuration))
      taken.push(backend)
    } catch (error) {
      if (!(error instanceof BackendError)) throw error
      code = 1
      console.error(`afn-otel alerts reload: ${wordsOf(error, backend)}`)
      if (!undo || error.status === undefined || error.status === 403) continue
      undo()
      // the files belong together, so a server that loaded the new ones loads the old ones again
      for (const other of taken) await reloadBackend(other)
      console.error('afn-otel alerts reload: rolled back; the files and the running configuration are unchanged')
      break
    }
  }
  return code
}

function wordsOf({ status, message }: BackendError, { name }: Backend): string {
  if (name === 'Prometheus' && status === 403)
    return 'Prometheus does not accept reload requests: start it with --web.enable-lifecycle, or send it SIGHUP'
  return message
}

/** @throws BackendError if the server runs another configuration */
async function stateOf(backend: Backend, configuration: string): Promise<string> {
  const { name, url } = backend
  const metrics = await metricsOf(backend)
  const value = (metric: string) => metrics.get(`${name.toLowerCase()}_config_${metric}`)?.[0]?.value
  if (value('last_reload_successful') !== 1)
    throw new BackendError(`${name} at ${url} rejected its configuration and runs the previous one; see its log`, 500)
  const hash = value('hash')
  if (name !== 'Alertmanager' || hash === undefined || !existsSync(configuration))
    return `${name} has reloaded its configuration`
  if (hash === configHash(readFileSync(configuration, 'utf8'))) return `${name} runs ${configuration} (hash ${hash})`
  throw new BackendError(
    `${name} at ${url} has loaded a different file than ${configuration} (the hashes differ); check its --config.file`,
  )
}
