/** Lets a command on the same machine find the `afn-otel up` that has a data folder open, and the token to access it. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { mayRun, thisProcess, type Writer } from '../shared/files/process'

export interface RunningUp {
  readonly url: string
  /** The token for the routes that export and erase a person. Anyone who can read the folder can do both without it. */
  readonly token: string
}

const fileIn = (folder: string): string => path.join(folder, 'up.json')

/** @returns a function that removes the file @throws Error of the system */
export function announce(folder: string, up: RunningUp): () => void {
  const file = fileIn(folder)
  const draft = `${file}.${process.pid}`
  rmSync(draft, { force: true })
  writeFileSync(draft, JSON.stringify({ ...up, writer: thisProcess() }), { flag: 'wx', mode: 0o600 })
  renameSync(draft, file)
  return () => rmSync(file, { force: true })
}

/** @returns undefined if none is running */
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
