// Whether the generated files in the working directory are what their table says today.
import path from 'node:path'
import type { Settings } from '../../shared/config/settings'
import { driftOf, profileIn } from '../deployment/drift'
import { generateFiles } from '../deployment/generate'
import { planOf } from '../deployment/plan'
import { readAlerting } from '../deployment/read-alerting'
import { type Check, checksOf } from './check'

const { holds, fails, skips } = checksOf('settings')
const name = 'generated files'

/** @param pipeline what stands under `pipeline` in the settings file */
export function generatedCheck(cwd: string, pipeline: unknown, settings: Pick<Settings, 'sloFiles'>): Check {
  const profile = profileIn(cwd)
  if (!profile) return skips(name, `no generated otel-collector.yaml in ${cwd}`)
  const { alerting, mistakes } = readAlerting([cwd], settings)
  if (!alerting)
    return fails(
      name,
      `their source files have errors: ${mistakes.slice(0, 3).join('; ')}; fix them, and run afn-otel generate --profile ${profile}`,
    )
  const drifted = driftOf(generateFiles(planOf(profile, pipeline), alerting), cwd)
  if (drifted.length === 0) return holds(name, `up to date (profile ${profile})`)
  const said = drifted.map(({ at, isMissing }) => path.relative(cwd, at) + (isMissing ? ' (missing)' : ''))
  return fails(
    name,
    `${said.join(', ')} ${said.length === 1 ? 'differs' : 'differ'} from the settings; review the changes, and run afn-otel generate --profile ${profile}`,
  )
}
