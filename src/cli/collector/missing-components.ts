// Determines which components of the configuration a Collector binary lacks.
import { usedComponents } from '../../pipeline/deployment/components'
import { output } from './run-child'

/**
 * Returns missing components, such as `processor tail_sampling`.
 * @param of whether the configuration uses only upstream's components or also ours
 * @throws Error if `components` of the binary fails
 */
export async function missingComponents(
  binary: string,
  env: NodeJS.ProcessEnv,
  of: Parameters<typeof usedComponents>[0] = 'contrib',
): Promise<string[]> {
  const present = componentsOf(await output(binary, ['components'], { env }))
  return usedComponents(of)
    .filter(([kind, type]) => !present.has(`${kind} ${type}`))
    .map(([kind, type]) => `${kind.slice(0, -1)} ${type}`)
}

/** Parses the YAML that `components` prints: unindented kinds, each with a list of entries that start with a name. */
function componentsOf(listing: string): Set<string> {
  const found = new Set<string>()
  let kind = ''
  for (const line of listing.split('\n')) {
    kind = /^(\w+):/.exec(line)?.[1] ?? kind
    const name = /^\s+- name: (\S+)/.exec(line)?.[1]
    if (name) found.add(`${kind} ${name}`)
  }
  return found
}
