// How the list is read again and again: from a file, and from a server that answers conditional requests as RFC 9110 has them. The server
// is Node's own, and counts.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { formatList, handlesBy } from '../../../src/app/suppress/list'
import { type Source, watchList } from '../../../src/app/suppress/source'

const handle = handlesBy('k'.repeat(32))
const textOf = (...values: string[]) => formatList({ keyId: '01234567', handles: new Set(values.map(handle)) })

let folder: string
let source: Source | undefined
let seen: number[]
let problems: string[]
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-source-'))
  seen = []
  problems = []
})
afterEach(() => {
  source?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const watch = (location: string, intervalMs = 5) => {
  source = watchList({
    location,
    intervalMs,
    onList: ({ handles }) => void seen.push(handles.size),
    onProblem: why => void problems.push(why),
  })
  return source
}
/** So many polls begin from now on. */
const polls = async (count: number) => {
  const before = source!.polls
  await vi.waitFor(() => expect(source!.polls).toBeGreaterThanOrEqual(before + count), { timeout: 30_000 })
}

it('a file is read before the call returns, and again when it was replaced or written over', async () => {
  const file = path.join(folder, 'list.json')
  writeFileSync(file, textOf('a'))
  watch(file)
  expect(seen).toEqual([1])
  await polls(3)
  expect(seen).toEqual([1])
  writeFileSync(`${file}.new`, textOf('a', 'b'))
  renameSync(`${file}.new`, file)
  await polls(3)
  writeFileSync(file, textOf('a', 'b', 'c'))
  await polls(3)
  expect(seen.at(0)).toBe(1)
  expect(seen).toContain(2)
  expect(seen.at(-1)).toBe(3)
})

it('a file that is half written, or gone, is a problem and no list, until it is whole', async () => {
  const file = path.join(folder, 'list.json')
  watch(file)
  expect(problems).toEqual(['ENOENT'])
  await source!.ready
  writeFileSync(file, textOf('a').slice(0, 20))
  await polls(3)
  expect(problems).toContain('it is no JSON')
  expect(seen).toEqual([])
  writeFileSync(file, textOf('a'))
  await polls(3)
  expect(seen).toEqual([1])
  source!.stop()
  const { polls: before } = source!
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(source!.polls).toBe(before)
})

interface Served {
  readonly url: string
  readonly asked: IncomingHttpHeaders[]
  readonly statuses: number[]
  answer: { status: number; body?: string; etag?: string }
}

async function serve(): Promise<Served & { close(): void }> {
  const server = createServer((request, response) => {
    const { status, body = '', etag } = served.answer
    served.asked.push(request.headers)
    const isSame = status === 200 && etag !== undefined && request.headers['if-none-match'] === etag
    served.statuses.push(isSame ? 304 : status)
    response.writeHead(isSame ? 304 : status, etag === undefined ? {} : { etag }).end(isSame ? undefined : body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const served = {
    url: `http://reader:secret@127.0.0.1:${port}/list.json`,
    asked: [] as IncomingHttpHeaders[],
    statuses: [] as number[],
    answer: { status: 200 } as Served['answer'],
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return served
}

it('a URL is asked whether it changed: as long as it did not, the server sends nothing', async () => {
  const served = await serve()
  served.answer = { status: 200, body: textOf('a'), etag: '"1"' }
  await watch(served.url).ready
  expect(seen).toEqual([1])
  await polls(4)
  expect(served.statuses.slice(0, 3)).toEqual([200, 304, 304])
  expect(served.asked[0]).toMatchObject({ authorization: `Basic ${btoa('reader:secret')}` })
  served.answer = { status: 200, body: textOf('a', 'b'), etag: '"2"' }
  await polls(3)
  expect(seen).toEqual([1, 2])
  served.close()
})

it.each([
  ['answers 500', { status: 500, body: 'no' }, 'the answer is 500'],
  ['answers a page', { status: 200, body: '<html>sign in</html>' }, 'it is no JSON'],
  ['sends elsewhere', { status: 302, body: '' }, 'the answer is 302'],
])('a server that %s changes nothing, and no part of the URL is said', async (_, answer, why) => {
  const served = await serve()
  served.answer = { status: 200, body: textOf('a'), etag: '"1"' }
  await watch(served.url).ready
  served.answer = answer
  await polls(3)
  expect(seen).toEqual([1])
  expect(new Set(problems)).toEqual(new Set([why]))
  // what could not be used is no state to compare with
  served.answer = { status: 200, body: textOf('a', 'b'), etag: '"1"' }
  await polls(3)
  expect(seen.at(-1)).toBe(2)
  served.close()
})

it('a server that is away is a problem with a code', async () => {
  const served = await serve()
  served.close()
  await watch(served.url).ready
  expect(problems).toEqual(['ECONNREFUSED'])
})
