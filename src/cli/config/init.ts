// `afn-otel config init [FILE…]`
import { writeFileSync } from 'node:fs'
import { nearest } from '../../shared/config/nearest'
import { editedFiles } from './files'

/** Never overwrites a file. @returns the exit code */
export function init(named: readonly string[]): number {
  const names = editedFiles.map(({ name }) => name)
  const unknown = named.find(name => !names.includes(name))
  if (unknown !== undefined)
    throw new Error(
      `config init creates ${names.join(', ')}, not "${unknown}"; did you mean ${nearest(unknown, names)}?`,
    )
  const wanted = editedFiles.filter(({ name }) => named.length === 0 || named.includes(name))
  const isMade = wanted.map(({ name, example }) => make(name, example))
  return isMade.every(Boolean) ? 0 : 1
}

function make(name: string, example: string): boolean {
  try {
    writeFileSync(name, example, { flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    console.error(`${name} already exists, left unchanged`)
    return false
  }
  console.log(`wrote ${name}`)
  return true
}
