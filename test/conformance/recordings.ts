// Reads a folder of recordings, `<protocol>/<id>.json` beside `expected.jsonl`. What can't be read is named; the rest is still of use.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

export interface Recording {
  id: string
  /** The folder that it lies in. */
  protocol: string
  request: { url: string; method: string; headers: Record<string, string>; body: unknown }
  response: { status: number; headers: Record<string, string>; body?: string; bodyBase64?: string }
  stream: boolean
}

/** A line of `expected.jsonl`. */
export interface Expected {
  id: string
  scope: string
  alternatives?: Record<string, unknown>[]
  [field: string]: unknown
}

export interface Folder {
  recordings: Map<string, Recording>
  expected: Map<string, Expected>
  /** What could not be read, and why. */
  broken: string[]
}

export function readFolder(dir: string): Folder {
  const folder: Folder = { recordings: new Map(), expected: new Map(), broken: [] }
  const attempt = (what: string, work: () => void) => {
    try {
      work()
    } catch (error) {
      folder.broken.push(`${what}: ${(error as Error).message}`)
    }
  }
  attempt(dir, () => {
    for (const protocol of readdirSync(dir).sort()) {
      const inner = path.join(dir, protocol)
      if (statSync(inner).isDirectory()) attempt(inner, () => readProtocol(inner, protocol, folder, attempt))
    }
  })
  attempt(path.join(dir, 'expected.jsonl'), () => {
    const lines = readFileSync(path.join(dir, 'expected.jsonl'), 'utf8').split('\n')
    for (const [index, line] of lines.entries()) {
      if (line.trim()) attempt(`expected.jsonl line ${index + 1}`, () => readExpectation(line, folder))
    }
  })
  return folder
}

function readProtocol(
  inner: string,
  protocol: string,
  { recordings }: Folder,
  attempt: (what: string, work: () => void) => void,
): void {
  for (const file of readdirSync(inner).sort()) {
    if (!file.endsWith('.json')) continue
    attempt(path.join(protocol, file), () => {
      const found = JSON.parse(readFileSync(path.join(inner, file), 'utf8')) as Partial<Recording> | null
      if (typeof found?.id !== 'string' || !found.request?.url || typeof found.response?.status !== 'number') {
        throw new Error('no recording: id, request.url or response.status is missing')
      }
      if (recordings.has(found.id)) throw new Error(`the id ${found.id} is there twice`)
      const { request, response } = found
      recordings.set(found.id, {
        id: found.id,
        protocol,
        request: { ...request, method: (request.method ?? 'POST').toUpperCase(), headers: request.headers ?? {} },
        response: { ...response, headers: response.headers ?? {} },
        stream: found.stream === true,
      })
    })
  }
}

function readExpectation(line: string, { expected }: Folder): void {
  const found = JSON.parse(line) as Expected | null
  if (typeof found?.id !== 'string') throw new Error('no id')
  if (expected.has(found.id)) throw new Error(`the id ${found.id} is there twice`)
  expected.set(found.id, found)
}
