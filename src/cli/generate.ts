// `afn-otel generate [--profile P] [--target DIR] [--check]`: writes the folder from which the whole pipeline starts, from the
// Collector to Grafana, from one table.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { driftOf, leftoversIn } from '../pipeline/drift'
import type { GeneratedFile } from '../pipeline/generate'
import { type ProfileName, profiles } from '../pipeline/profiles'
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
  target: { type: 'string', argument: 'DIR', default: '.', help: 'where to', otherwise: 'the working directory' },
  check: { type: 'boolean', default: false, help: 'writes nothing, and names the files that are missing or differ' },
} as const satisfies Options

const help = `Usage: afn-otel generate [--profile single] [--target DIR] [--check]

Writes a folder from which the pipeline starts, from the Collector to Grafana; its README.md says how. What stands under
"pipeline" in afn-otel.config.yaml changes how long data is kept, what keeps a trace, and sizes; slo.yaml, alerts-config.yaml
and monitoring-config.json say what is an objective, who is notified, which budgets are watched and have a board, and which
Grafana boards of your own there are. They are looked for here and then in DIR, which gets a copy of each. Secrets are made once, in .env and secrets/; a later run adds what
is missing and changes nothing. A file that somebody else wrote is never overwritten: then nothing is written at all.
In a folder that runs, "afn-otel apply" does this and brings it to what runs.

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
  const prepared = prepare(profileNamed(values.profile), target)
  if ('mistakes' in prepared) {
    for (const mistake of prepared.mistakes) console.error(mistake)
    console.error('afn-otel generate: nothing was written, and what runs stays as it is')
    return 2
  }
  if (values.check) return check(prepared.files, target)
  const strangers = inTheWay(prepared, target)
  if (strangers.length > 0) {
    console.error(`afn-otel generate: ${wordsOf(strangers)}, or choose another folder with --target.`)
    return 1
  }
  for (const line of writeFolder(prepared, target).lines) console.log(line)
  console.log(`next: ${path.join(target, 'README.md')} says how to start it`)
  return 0
}

const wordsOf = (strangers: readonly string[]): string =>
  `${strangers.join(', ')} would be overwritten, and afn-otel generate did not write ${strangers.length === 1 ? 'it' : 'them'}. Move what is there away`

function profileNamed(name: string): ProfileName {
  if (Object.hasOwn(profiles, name)) return name as ProfileName
  throw new Error(`generate: there is no profile "${name}"; there are ${Object.keys(profiles).join(', ')}`)
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
