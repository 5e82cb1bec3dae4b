// `afn-otel generate [--profile P] [--target DIR] [--check]`: writes the configuration of the whole pipeline, from the
// Collector to Grafana, from one table.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { contentOf, driftOf, strangersIn } from '../pipeline/drift'
import { type GeneratedFile, generateFiles } from '../pipeline/generate'
import { planOf } from '../pipeline/plan'
import { type ProfileName, profiles } from '../pipeline/profiles'
import { helpOption, print } from './help'
import { pipelineSettings } from './pipeline-settings'

const help = `Usage: afn-otel generate [--profile single] [--target DIR] [--check]

Writes the configuration of the pipeline, from the Collector to Grafana. What stands under "pipeline" in
afn-otel.config.yaml changes how long data is kept, what keeps a trace, and sizes. A file that another hand made is never
overwritten: then nothing is written at all.

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
  const files = generateFiles(planOf(profileNamed(values.profile), pipelineSettings()))
  return values.check ? check(files, values.target) : write(files, values.target)
}

function profileNamed(name: string): ProfileName {
  if (Object.hasOwn(profiles, name)) return name as ProfileName
  throw new Error(`generate: there is no profile "${name}"; there are ${Object.keys(profiles).join(', ')}`)
}

function write(files: readonly GeneratedFile[], target: string): number {
  const strangers = strangersIn(files, target)
  if (strangers.length > 0) {
    console.error(
      `afn-otel generate: ${strangers.join(', ')} would be overwritten, and afn-otel generate did not write ${strangers.length === 1 ? 'it' : 'them'}. Move what is there away, or choose another folder with --target.`,
    )
    return 1
  }
  for (const file of files) {
    if (contentOf(file, target) === file.content) continue
    const at = path.join(target, file.path)
    mkdirSync(path.dirname(at), { recursive: true })
    writeFileSync(at, file.content)
    console.log(`wrote ${at}`)
  }
  return 0
}

function check(files: readonly GeneratedFile[], target: string): number {
  const drifted = driftOf(files, target)
  for (const { at, isMissing } of drifted) console.error(`${at} ${isMissing ? 'is missing' : 'differs from the table'}`)
  if (drifted.length > 0)
    console.error('Run afn-otel generate with the same profile and target, and look at what changed.')
  return drifted.length > 0 ? 1 : 0
}
