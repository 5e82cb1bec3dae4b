// What a binary of the Collector lacks of what the configuration uses.
import { usedComponents } from '../../pipeline/deployment/components'
import { output } from './run-child'

/**
 * The components that our configuration uses and the binary does not have, as `processor tail_sampling`.
 * @param of the configuration by upstream's components alone, or that by ours too
 * @throws Error when the binary does not answer `components`
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
