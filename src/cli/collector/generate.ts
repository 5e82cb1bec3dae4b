// `npm run generate`: writes the table of the Collector's variables in docs/collector.md.
import { readFileSync } from 'node:fs'
import { variablesIn } from '../../pipeline/deployment/environment'
import { generateFiles } from '../../pipeline/deployment/generate'
import { logStores, planOf } from '../../pipeline/deployment/plan'
import type { ProfileName } from '../../pipeline/deployment/profiles'
import { fill } from '../../shared/config/fill-page'
import { filledIn } from './variable-values'

export default function generate(): { path: string; content: string }[] {
  const path = 'docs/collector.md'
  const table = ['| variable | meaning | default |', '| --- | --- | --- |', ...rows()].join('\n')
  return [{ path, content: fill({ path, content: readFileSync(path, 'utf8') }, 'variables', table) }]
}

/** Defaults are those of the single profile; variables of other profiles are marked. */
function rows(): string[] {
  const [single, cluster] = [textOf('single'), textOf('cluster')]
  const ofSingle = new Set(variablesIn(single).map(({ name }) => name))
  return variablesIn(single + cluster).map(({ name, meaning, default: otherwise }) => {
    const fallback = otherwise === undefined ? 'must be set' : otherwise ? `\`${otherwise}\`` : 'empty'
    const byRun = filledIn[name] ? `; \`run\`: ${filledIn[name]}` : ''
    return `| \`${name}\` | ${meaning}${ofSingle.has(name) ? '' : ' (cluster)'} | ${fallback}${byRun} |`
  })
}

const textOf = (profile: ProfileName): string =>
  logStores
    .flatMap(logs => generateFiles(planOf(profile, { logs })))
    .filter(({ path }) => /^otel-collector[\w-]*\.yaml$/.test(path))
    .map(({ content }) => content)
    .join('\n')
