// The queries of collector/queries.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseQuery } from './header'
import type { Query } from './query'

/**
 * All queries, by name.
 * @throws Error that names the file when one is not as it should be, or two have one name
 */
export function readCatalogue(folder: string): Map<string, Query> {
  const catalogue = new Map<string, Query>()
  for (const file of readdirSync(folder).sort()) {
    const query = parseQuery(file, readFileSync(path.join(folder, file), 'utf8'))
    if (catalogue.has(query.name)) throw new Error(`${file}: there is another query with the name ${query.name}`)
    catalogue.set(query.name, query)
  }
  return catalogue
}

/** @throws Error with the names that are most like it, when there is none of that name */
export function queryNamed(catalogue: ReadonlyMap<string, Query>, name: string): Query {
  const query = catalogue.get(name)
  if (query) return query
  const like = [...catalogue.keys()]
    .map(known => ({ known, distance: distance(name, known) }))
    .filter(({ known, distance }) => distance <= 3 || known.includes(name) || sharesWord(name, known))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ known }) => known)
  const hint = like.length > 0 ? `did you mean ${like.join(' or ')}?` : 'see afn-otel query --list'
  throw new Error(`unknown query "${name}"; ${hint}`)
}

function sharesWord(a: string, b: string): boolean {
  const words = b.split('-')
  return a.split('-').some(word => word.length > 3 && words.includes(word))
}

/** Edits (Levenshtein) from one short name to another. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries())
      next.push(Math.min(row[j]! + (letter === other ? 0 : 1), row[j + 1]! + 1, next[j]! + 1))
    row = next
  }
  return row.at(-1)!
}
