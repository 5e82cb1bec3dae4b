// `afn-otel generate [--profile P] [--target DIR] [--check]`: writes the folder from which the whole pipeline starts, from the
// Collector to Grafana, from one table.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parse, stringify } from 'yaml'
import { readSettingsFile, type SettingsFile } from '../config/file'
import { isJson } from '../config/json-comments'
import { MONITORING_FILE } from '../config/monitoring-config'
import { resolve } from '../config/resolve'
import { secretFilesOf } from '../pipeline/alert-files'
import { ALERTS_FILE, type Alerting, defaultAlertsFile, defaultMonitoringFile } from '../pipeline/alerting'
import { contentOf, driftOf, leftoversIn, strangersIn } from '../pipeline/drift'
import { appEnvironment, missingSecrets, valuesIn } from '../pipeline/env-files'
import { folderFiles, type GeneratedFile, type Packaged } from '../pipeline/generate'
import { ownDashboards } from '../pipeline/grafana-config'
import { type Plan, planOf } from '../pipeline/plan'
import { type ProfileName, profiles } from '../pipeline/profiles'
import { type ReadAlerting, readAlerting } from '../pipeline/read-alerting'
import { componentFiles } from './collector/distribution'
import { readBoards } from './dashboards/file'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'
import { packageRoot } from './package-root'

export const options = {
  profile: {
    type: 'string',
    default: 'single',
    help: 'laptop: Collector, Tempo, Prometheus and Grafana for one developer; single: one host for a team, with three resolutions of metrics and LangFuse; cluster: Kubernetes, with agents and gateways',
  },
  target: { type: 'string', argument: 'DIR', default: '.', help: 'where to', otherwise: 'the working directory' },
  check: { type: 'boolean', default: false, help: 'writes nothing, and names the files that are missing or differ' },
} as const satisfies Options

const help = `Usage: afn-otel generate [--profile single] [--target DIR] [--check]

Writes a folder from which the pipeline starts, from the Collector to Grafana; its README.md says how. What stands under
"pipeline" in afn-otel.config.yaml changes how long data is kept, what keeps a trace, and sizes; slo.yaml, alerts-config.yaml
and monitoring-config.json say what is an objective, who is notified, which budgets are watched and have a board, and which
Grafana boards of your own there are. They are looked for here and then in DIR, which gets a copy of each. Secrets are made once, in .env and secrets/; a later run adds what
is missing and changes nothing. A file that somebody else wrote is never overwritten: then nothing is written at all.

${optionLines(options)}

Exit codes: 0 done; 1 a file is in the way, or --check found one; 2 the command or the settings are not right.`

/** @returns the exit code, as `help` says */
export async function generate(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { ...options, ...helpOption },
  })
  if (values.help) return print(help)
  const { target } = values
  const cwd = process.cwd()
  const settingsFile = settingsWithPipeline(cwd, process.env.AFN_CONFIG || undefined) ?? settingsWithPipeline(target)
  const plan = planOf(profileNamed(values.profile), settingsFile?.values.pipeline)
  const { settings } = resolve({ env: process.env, cwd, parseYaml: parse })
  const { alerting, mistakes, alertsFile, monitoringFile, sloFiles } = readAlerting([cwd, target], settings)
  const { boards, account, hasCloudflare, mistakes: ofBoards } = readBoards(monitoringFile?.path)
  for (const mistake of [...ofBoards, ...mistakes]) console.error(mistake)
  if (!alerting || ofBoards.length > 0) {
    console.error('afn-otel generate: nothing was written, and what runs stays as it is')
    return 2
  }
  const root = packageRoot(__dirname)
  const packaged = (name: string) => readFileSync(path.join(root, name), 'utf8')
  const runbooks = path.join(root, 'docs/runbooks')
  const folder = folderFiles(plan, alerting, {
    dockerfile: packaged('collector/Dockerfile'),
    manifest: packaged('collector/builder.yaml'),
    components: componentFiles(path.join(root, 'collector/components')).map(name => ({
      name,
      text: packaged(path.join('collector/components', name)),
    })),
    commands: commandsOf(packaged),
    runbooks: readdirSync(runbooks).map(name => ({ name, text: packaged(path.join('docs/runbooks', name)) })),
  })
  const files = [...folder, ...ownDashboards(plan, boards, account, hasCloudflare)]
  if (values.check) return check(files, target)
  const edited = [
    ...editedIn(target, ALERTS_FILE, alertsFile, defaultAlertsFile),
    ...editedIn(target, MONITORING_FILE, monitoringFile, defaultMonitoringFile),
    ...slosIn(target, sloFiles),
    ...settingsIn(target, settingsFile),
  ]
  return write(plan, alerting, [...files, ...edited], target)
}

/** The CLI and the chunks that it requires; chunks require none. */
function commandsOf(packaged: (name: string) => string): Packaged['commands'] {
  const cli = packaged('dist/cli.cjs')
  const chunks = new Set(Array.from(cli.matchAll(/require\("\.\/(chunks\/[\w-]+\.cjs)"\)/g), ([, name]) => name!))
  return [{ name: 'cli.cjs', text: cli }, ...[...chunks].sort().map(name => ({ name, text: packaged(`dist/${name}`) }))]
}

function profileNamed(name: string): ProfileName {
  if (Object.hasOwn(profiles, name)) return name as ProfileName
  throw new Error(`generate: there is no profile "${name}"; there are ${Object.keys(profiles).join(', ')}`)
}

/** A file that people edit: where they edit another one, a copy of it; where there is none, one to begin with, which no later run changes. */
function editedIn(target: string, name: string, found: ReadAlerting['alertsFile'], first: string): GeneratedFile[] {
  if (found === undefined) return [{ path: name, content: first }]
  if (path.resolve(found.path) === path.resolve(target, name)) return []
  const text = found.text.replace(/^\uFEFF/, '')
  const comment = isJson(text) ? '//' : '#'
  return [{ path: name, content: `${comment} Generated by "afn-otel generate": a copy of ${found.path}.\n${text}` }]
}

/** All objectives as one file of the folder, in which "generate again" finds them. */
function slosIn(target: string, files: readonly string[]): GeneratedFile[] {
  const isInFolder = files.length === 1 && path.resolve(files[0]!) === path.resolve(target, 'slo.yaml')
  if (files.length === 0 || isInFolder) return []
  const texts = files.map(file => readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
  const header = `# Generated by "afn-otel generate": a copy of ${files.join(', ')}.`
  return [{ path: 'slo.yaml', content: [header, texts.join('\n---\n')].join('\n') }]
}

function settingsWithPipeline(folder: string, named?: string): SettingsFile | undefined {
  const file = readSettingsFile(named, folder, parse)
  return file?.values.pipeline === undefined ? undefined : file
}

/** Of the settings what the folder follows from. The rest is an app's, and may hold its secrets. */
function settingsIn(target: string, file: SettingsFile | undefined): GeneratedFile[] {
  if (!file || path.resolve(path.dirname(file.path)) === path.resolve(target)) return []
  const { slo: _, ...pipeline } = file.values.pipeline as Record<string, unknown>
  const header = `# Generated by "afn-otel generate": what stands under "pipeline" in ${file.path}.`
  return [{ path: 'afn-otel.config.yaml', content: `${header}\n${stringify({ pipeline })}` }]
}

function write(plan: Plan, alerting: Alerting, files: readonly GeneratedFile[], target: string): number {
  const secrets = secretFiles(plan, target)
  const strangers = strangersIn([...files, ...secrets], target)
  if (strangers.length > 0) {
    console.error(
      `afn-otel generate: ${strangers.join(', ')} would be overwritten, and afn-otel generate did not write ${strangers.length === 1 ? 'it' : 'them'}. Move what is there away, or choose another folder with --target.`,
    )
    return 1
  }
  // Secrets are for their owner alone from the first byte on. The rest is read by the users of the containers, whatever the umask
  // says here.
  const parts = [...secrets.map(file => [file, 0o600] as const), ...files.map(file => [file, 0o644] as const)]
  mkdirSync(target, { recursive: true })
  for (const [file, mode] of parts) {
    if (contentOf(file, target) === file.content) continue
    const at = path.join(target, file.path)
    makeFolders(path.dirname(at))
    writeFileSync(at, file.content, { mode })
    chmodSync(at, mode)
    console.log(`wrote ${at}`)
  }
  for (const at of leftoversIn(files, target)) {
    rmSync(at)
    console.log(`removed ${at}`)
  }
  for (const at of makeSecrets(alerting, target)) console.log(at)
  console.log(`next: ${path.join(target, 'README.md')} says how to start it`)
  return 0
}

/** Folders are mounted whole into containers, whose users have to get in. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return
  makeFolders(path.dirname(folder))
  mkdirSync(folder)
  chmodSync(folder, 0o755)
}

/**
 * The files that containers mount have to be there. Nobody else on this host gets into their folder; in it the users of the
 * containers may read.
 * @returns what was made, and what people have to fill
 */
function makeSecrets(alerting: Alerting, target: string): string[] {
  return secretFilesOf(alerting).flatMap(({ file, make, isPlaceholder }) => {
    const at = path.resolve(target, file)
    if (existsSync(at)) return []
    mkdirSync(path.dirname(at), { recursive: true, mode: 0o700 })
    writeFileSync(at, make())
    chmodSync(at, 0o644)
    return [
      `wrote ${path.join(target, file)}${isPlaceholder ? ': put the secret there that alerts-config.yaml means' : ''}`,
    ]
  })
}

/** What stands in .env stays, line for line; app.env follows from it. */
function secretFiles(plan: Plan, target: string): GeneratedFile[] {
  const present = contentOf({ path: '.env', content: '' }, target) ?? ''
  const missing = missingSecrets(plan, present)
  const content = present === '' || present.endsWith('\n') ? present + missing : `${present}\n${missing}`
  const env = { path: '.env', content: missing === '' ? present : content }
  return [env, { path: 'app.env', content: appEnvironment(plan, valuesIn(env.content)) }]
}

function check(files: readonly GeneratedFile[], target: string): number {
  const drifted = driftOf(files, target)
  for (const { at, isMissing } of drifted) console.error(`${at} ${isMissing ? 'is missing' : 'differs from the table'}`)
  const leftovers = leftoversIn(files, target)
  for (const at of leftovers) console.error(`${at} is not generated any more: the board or the objective is gone`)
  const isSame = drifted.length === 0 && leftovers.length === 0
  if (!isSame) console.error('Run afn-otel generate with the same profile and target, and look at what changed.')
  return isSame ? 0 : 1
}
