// The table of jobs, as `afn-otel generate` writes it and people may.
import { readFileSync } from 'node:fs'
import type { Job } from '../../pipeline/deployment/jobs'
import { contentHash } from '../../shared/files/content-hash'

export interface Table {
  readonly jobs: readonly Job[]
  readonly hash: string
}

/** @throws Error that names the row and what is wrong with it */
export function readTable(file: string): Table {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file} can't be read (${(error as NodeJS.ErrnoException).code})`)
  }
  let rows: unknown
  try {
    rows = (JSON.parse(text) as { jobs?: unknown }).jobs
  } catch (error) {
    throw new Error(`${file} is not valid JSON: ${(error as Error).message}`)
  }
  if (!Array.isArray(rows)) throw new Error(`${file} has no list "jobs"`)
  const names = new Set<unknown>()
  return {
    hash: contentHash(text),
    jobs: rows.map((row: Partial<Job>, at) => {
      const wrong = (what: string) => new Error(`${file}: jobs[${at}] ${what}`)
      const { name, seconds, command, done, reads } = row ?? {}
      if (typeof name !== 'string' || !/^[\w-]{1,63}$/.test(name)) throw wrong('has no name of letters and dashes')
      if (names.has(name)) throw wrong(`is called ${name}, as another one is`)
      names.add(name)
      if (!(typeof seconds === 'number' && seconds >= 1)) throw wrong('has no valid number of seconds (1 or more)')
      if (!isList(command, 'string') || command.length === 0) throw wrong('has no list of arguments in command')
      if (done !== undefined && !isList(done, 'number')) throw wrong('has invalid exit codes in done')
      if (reads !== undefined && typeof reads !== 'string') throw wrong('has no file name in reads')
      return row as Job
    }),
  }
}

const isList = (value: unknown, type: 'string' | 'number'): value is readonly unknown[] =>
  Array.isArray(value) && value.every(item => typeof item === type)
