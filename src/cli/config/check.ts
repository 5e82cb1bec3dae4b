// `afn-otel config check [FILE…]`
import { existsSync } from 'node:fs'
import { lineOf } from '../mistakes'
import { editedFiles, mistakesIn } from './files'

/** @returns the exit code */
export function check(named: readonly string[]): number {
  const files = named.length > 0 ? named : editedFiles.map(({ name }) => name).filter(name => existsSync(name))
  if (files.length === 0)
    console.log(`ok: none of ${editedFiles.map(({ name }) => name).join(', ')} found, using the defaults`)
  const counts = files.map(file => {
    const mistakes = read(file)
    for (const mistake of mistakes) console.log(lineOf(file, mistake))
    if (mistakes.length === 0) console.log(`ok: ${file}`)
    return mistakes.length
  })
  return counts.every(count => count === 0) ? 0 : 1
}

function read(file: string) {
  try {
    return mistakesIn(file)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new Error(`${file} can't be read: ${message}`)
  }
}
