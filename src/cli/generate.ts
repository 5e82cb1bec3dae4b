// `afn-otel generate [--profile P] [--target DIR] [--check]`: writes the folder from which the whole pipeline starts, from the
// Collector to Grafana, from one table.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { driftOf, leftoversIn } from '../pipeline/deployment/drift'
import type { GeneratedFile } from '../pipeline/deployment/generated-file'
import { type ProfileName, profiles } from '../pipeline/deployment/profiles'
import { prepare } from './folder/prepare'
import { inTheWay, writeFolder } from './folder/write'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'

export const options = {
  profile: {
    type: 'string',
    default: 'single',
    help: 'laptop: Collector, Tempo, Prometheus and Grafana for one developer; single: one host for a team, with three resolutions of metrics and LangFuse; cluster: Kubernetes, with agents and gateways',
  },
  target: { type: 'string', argument: 'DIR', default: '.', help: 'output folder', otherwise: 'the working directory' },
  check: { type: 'boolean', default: false, help: 'writes nothing; lists files that are missing or differ' },
} as const satisfies Options

const help = `Usage: afn-otel generate [--profile single] [--target DIR] [--check]

Writes a folder with the whole pipeline, from the Collector to Grafana; its README.md explains how to start it. "pipeline" in
afn-otel.config.yaml sets retention, sampling and sizes. slo.yaml, alerts-config.yaml and monitoring-config.json define
objectives, notifications, budgets and your own Grafana boards. They are read from here or else from DIR, which gets a
copy of each. Secrets are created once, in .env and secrets/; a later run only adds missing ones. If a file was not generated
by afn-otel, nothing is written. For a running folder, use "afn-otel apply", which also updates the running stack.

${optionLines(options)}

Exit codes: 0 done; 1 a file is in the way, or --check found a difference; 2 usage error or invalid settings.`

/** @returns the exit code, as `help` says */
export async function generate(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { ...options, ...helpOption },
  })
  if (values.help) return print(help)
  const { target } = values
  const prepared = prepare(profileNamed(values.profile), target)
  if ('mistakes' in prepared) {
    for (const mistake of prepared.mistakes) console.error(mistake)
    console.error('afn-otel generate: nothing was written; the running configuration is unchanged')
    return 2
  }
  if (values.check) return check(prepared.files, target)
  const strangers = inTheWay(prepared, target)
  if (strangers.length > 0) {
    console.error(`afn-otel generate: ${wordsOf(strangers)}, or choose another folder with --target.`)
    return 1
  }
  for (const line of writeFolder(prepared, target).lines) console.log(line)
  console.log(`next: ${path.join(target, 'README.md')} explains how to start it`)
  return 0
}

const wordsOf = (strangers: readonly string[]): string =>
  `${strangers.join(', ')} would be overwritten, but afn-otel generate did not write ${strangers.length === 1 ? 'it' : 'them'}. Move ${strangers.length === 1 ? 'it' : 'them'} away`

function profileNamed(name: string): ProfileName {
  if (Object.hasOwn(profiles, name)) return name as ProfileName
  throw new Error(`generate: unknown profile "${name}"; profiles: ${Object.keys(profiles).join(', ')}`)
}

function check(files: readonly GeneratedFile[], target: string): number {
  const drifted = driftOf(files, target)
  for (const { at, isMissing } of drifted)
    console.error(`${at} ${isMissing ? 'is missing' : 'differs from the settings'}`)
  const leftovers = leftoversIn(files, target)
  for (const at of leftovers) console.error(`${at} is obsolete: its board or objective was removed`)
  const isSame = drifted.length === 0 && leftovers.length === 0
  if (!isSame) console.error('Run afn-otel generate with the same profile and target, and review the changes.')
  return isSame ? 0 : 1
}
