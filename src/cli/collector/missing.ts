// What a binary of the Collector lacks of what the configuration uses.
import { usedComponents } from '../../pipeline/components'
import { output } from './run-child'

/**
 * The components that our configuration uses and the binary does not have, as `processor tail_sampling`.
 * @throws Error when the binary does not answer `components`
 */
export async function missingComponents(binary: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const present = componentsOf(await output(binary, ['components'], { env }))
  return usedComponents()
    .filter(([kind, type]) => !present.has(`${kind} ${type}`))
    .map(([kind, type]) => `${kind.slice(0, -1)} ${type}`)
}

/** Reads the YAML that `components` prints: kinds at the margin, below them a list whose entries begin with a name. */
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
