// `afn-otel generate [--profile P] [--target DIR] [--check]`: writes the folder from which the whole pipeline starts, from the
// Collector to Grafana, from one table.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { contentOf, driftOf, leftoversIn, strangersIn } from '../pipeline/drift'
import { appEnvironment, missingSecrets, valuesIn } from '../pipeline/env-files'
import { folderFiles, type GeneratedFile } from '../pipeline/generate'
import { ownDashboards } from '../pipeline/grafana'
import { type Plan, planOf } from '../pipeline/plan'
import { type ProfileName, profiles } from '../pipeline/profiles'
import { readBoards, usualFile } from './dashboards/file'
import { helpOption, print } from './help'
import { packageRoot } from './package-root'
import { pipelineSettings } from './pipeline-settings'

const help = `Usage: afn-otel generate [--profile single] [--target DIR] [--check]

Writes a folder from which the pipeline starts, from the Collector to Grafana; its README.md says how. What stands under
"pipeline" in afn-otel.config.yaml changes how long data is kept, what keeps a trace, and sizes; "dashboard_config" in
monitoring-config.json has Grafana boards of your own. Secrets are made once, in
.env, which no later run changes: it adds what is missing. A file that another hand made is never overwritten: then
nothing is written at all.

--profile single  laptop: Collector, Tempo, Prometheus and Grafana for one developer; single: one host for a team, with
                  three resolutions of metrics and LangFuse; cluster: Kubernetes, with agents and gateways [single]
--target DIR      where to [the working directory]
--check           writes nothing, and names the files that are missing or differ

Exit codes: 0 done; 1 a file is in the way, or --check found one; 2 the command or the settings are not right.`

/** @returns the exit code, as `help` says */
export async function generate(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      profile: { type: 'string', default: 'single' },
      target: { type: 'string', default: '.' },
      check: { type: 'boolean', default: false },
      ...helpOption,
    },
  })
  if (values.help) return print(help)
  const plan = planOf(profileNamed(values.profile), pipelineSettings())
  const { boards, mistakes } = readBoards()
  for (const mistake of mistakes) console.error(mistake)
  if (mistakes.length > 0) return 2
  const packaged = (name: string) => readFileSync(path.join(packageRoot(__dirname), name), 'utf8')
  const folder = folderFiles(plan, {
    dockerfile: packaged('collector/Dockerfile'),
    manifest: packaged('collector/builder.yaml'),
    commands: packaged('dist/cli.cjs'),
  })
  const files = [...folder, ...ownDashboards(plan, boards)]
  return values.check ? check(files, values.target) : write(plan, files, values.target)
}

function profileNamed(name: string): ProfileName {
  if (Object.hasOwn(profiles, name)) return name as ProfileName
  throw new Error(`generate: there is no profile "${name}"; there are ${Object.keys(profiles).join(', ')}`)
}

function write(plan: Plan, files: readonly GeneratedFile[], target: string): number {
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
  for (const at of leftovers) console.error(`${at} is of a board that is no longer in ${usualFile}`)
  const isSame = drifted.length === 0 && leftovers.length === 0
  if (!isSame) console.error('Run afn-otel generate with the same profile and target, and look at what changed.')
  return isSame ? 0 : 1
}
