// `afn-otel generate [--profile P] [--target DIR] [--check]`: writes the configuration of the whole pipeline, from the
// Collector to Grafana, from one table.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { contentOf, driftOf } from '../pipeline/drift'
import { type GeneratedFile, generateFiles } from '../pipeline/generate'
import { planOf } from '../pipeline/plan'
import { type ProfileName, profiles } from '../pipeline/profiles'
import { pipelineSettings } from './pipeline-settings'

/** @returns 0; 1 when `--check` finds that a file is missing or differs */
export async function generate(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      profile: { type: 'string', default: 'single' },
      target: { type: 'string', default: '.' },
      check: { type: 'boolean', default: false },
    },
  })
  const files = generateFiles(planOf(profileNamed(values.profile), pipelineSettings()))
  return values.check ? check(files, values.target) : write(files, values.target)
}

function profileNamed(name: string): ProfileName {
  if (Object.hasOwn(profiles, name)) return name as ProfileName
  throw new Error(`generate: there is no profile "${name}"; there are ${Object.keys(profiles).join(', ')}`)
}

function write(files: readonly GeneratedFile[], target: string): number {
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
