/** How a command of the same machine finds the `afn-otel up` that has a data folder open, and what lets it in. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { mayRun, thisProcess, type Writer } from '../shared/files/process'

export interface RunningUp {
  readonly url: string
  /** Of the routes that give out and erase a person. Whoever can read the folder can do both without it, too. */
  readonly token: string
}

const fileIn = (folder: string): string => path.join(folder, 'up.json')

/** @returns what removes it again @throws Error of the system */
export function announce(folder: string, up: RunningUp): () => void {
  const file = fileIn(folder)
  const draft = `${file}.${process.pid}`
  rmSync(draft, { force: true })
  writeFileSync(draft, JSON.stringify({ ...up, writer: thisProcess() }), { flag: 'wx', mode: 0o600 })
  renameSync(draft, file)
  return () => rmSync(file, { force: true })
}

/** @returns undefined where none runs */
export function runningIn(folder: string): RunningUp | undefined {
  let text: string
  try {
    text = readFileSync(fileIn(folder), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const { url, token, writer } = JSON.parse(text) as RunningUp & { writer: Writer }
  return mayRun(writer) ? { url, token } : undefined
}
