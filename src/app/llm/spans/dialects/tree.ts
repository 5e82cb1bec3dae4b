// Reassembles lists that a dialect writes with one attribute per leaf (`llm.input_messages.0.message.role`).
import type { Doc } from '../../wire/json'

/** The tree below `prefix`; lists are objects with numeric keys, which JavaScript keeps in order. */
export function tree(attributes: Readonly<Record<string, unknown>>, prefix: string): Doc {
  const root = node()
  for (const key of Object.keys(attributes)) {
    if (!key.startsWith(prefix) || key[prefix.length] !== '.') continue
    const path = key.slice(prefix.length + 1).split('.')
    const leaf = path.pop() as string
    let at = root
    for (const step of path) {
      if (typeof at[step] !== 'object' || at[step] === null) at[step] = node()
      at = at[step] as Doc
    }
    at[leaf] = attributes[key]
  }
  return root
}

/** The members of a list in a tree; empty if it is not a list. */
export function members(value: unknown): Doc[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).filter(member => typeof member === 'object' && member !== null) as Doc[]
}

/** Without a prototype, because an attribute's key may be anything. */
function node(): Doc {
  return Object.create(null) as Doc
}
