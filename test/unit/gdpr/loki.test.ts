// Loki forgets a person. The stand-in takes and refuses requests as Loki's handler does (pkg/compactor/deletion/request_handler.go), and
// finds lines by the regular expressions in a query; it is no LogQL. A real one is asked where LOKI_BIN is set: not yet.
import { createServer, type Server } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { lokiStore, queriesOf } from '../../../src/operations/gdpr/stores/loki'
import { identityOf, parseSubject } from '../../../src/operations/gdpr/subject'
import { listen } from '../../support/ports'

let server: Server
afterEach(() => new Promise(resolve => server.close(resolve)))

const signal = new AbortController().signal
const identity = identityOf(parseSubject(['person-0007']), ['first-key-of-32-characters-at-least'])
const target = { identity, traceIds: ['a'.repeat(32)] }

interface Line {
  readonly text: string
  readonly labels: Readonly<Record<string, string>>
}

/** Each step of a pipeline: a filter of lines, or label filters of which one has to hold. */
function matches(query: string, { text, labels }: Line): boolean {
  const steps = query
    .slice(query.indexOf('}') + 1)
    .split(/ (?=\|~ |!~ |\| )/)
    .filter(step => step.trim() !== '')
  return steps.every(step => {
    const [, line, filter] = /^\s*(\|~|!~) (".*")$/.exec(step) ?? []
    if (line) return new RegExp(JSON.parse(filter!)).test(text) === (line === '|~')
    return step
      .slice(2)
      .split(' or ')
      .some(one => {
        const [, label, operator, value] = /^\s*(\w+)(=~|!~)(".*")$/.exec(one) ?? []
        if (!label) throw new Error(`not understood: ${one}`)
        return new RegExp(`^(?:${JSON.parse(value!)})$`).test(labels[label] ?? '') === (operator === '=~')
      })
  })
}

async function start(lines: Line[]) {
  let stored = lines
  let waiting: string[] = []
  const asked: string[] = []
  server = createServer((incoming, response) => {
    const { pathname, searchParams: search } = new URL(incoming.url!, 'http://x')
    asked.push(`${incoming.method} ${pathname}`)
    const answer = (status: number, body?: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(body === undefined ? '' : JSON.stringify(body))
    const query = search.get('query') ?? ''
    if (incoming.headers['x-scope-orgid'] !== 'afn') return answer(401)
    if (pathname === '/loki/api/v1/delete') {
      const [from, end] = [search.get('start') ?? '', search.get('end') ?? '']
      if (from.length !== 10 || end.length !== 10) return answer(400, 'not unix seconds')
      if (Number(end) * 1_000 > Date.now()) return answer(400, 'deletes in the future are not allowed')
      waiting.push(query)
      return answer(204)
    }
    if (pathname === '/loki/api/v1/query') {
      const [, inner = '', range = ''] = /^sum\(count_over_time\((.*)\[(\d+)d\]\)\)$/.exec(query) ?? []
      if (Number(range) > 30) return answer(400, 'the query time range exceeds the limit')
      // all of it is of today
      const isNewest = Math.abs(Number(search.get('time')) * 1_000 - Date.now()) < 60_000
      const found = isNewest ? stored.filter(line => matches(inner, line)).length : 0
      return answer(200, { data: { result: found > 0 ? [{ value: [0, String(found)] }] : [] } })
    }
    if (pathname === '/loki/api/v1/query_range') {
      const isNewest = Math.abs(Number(search.get('end')) / 1_000_000 - Date.now()) < 60_000
      const found = isNewest ? stored.filter(line => matches(query, line)) : []
      const result = found.map(({ text, labels }) => ({ stream: labels, values: [['1', text]] }))
      return answer(200, { data: { result } })
    }
    return answer(404)
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  const store = lokiStore({
    backend: { name: 'Loki', url, setBy: 'a test' },
    tenant: 'afn',
    retentionDays: 90,
    now: Date.now,
  })
  const compact = () => {
    stored = stored.filter(line => !waiting.some(query => matches(query, line)))
    waiting = []
  }
  return { store, compact, asked, stored: () => stored }
}

const own: Line[] = [
  { text: 'hello person-0007', labels: {} },
  { text: 'in both, person-0007', labels: { user_id: 'person-0007', trace_id: 'a'.repeat(32) } },
  { text: 'by an attribute', labels: { user_id: identity.pseudonyms[0]!.value } },
  { text: 'by the trace', labels: { trace_id: 'a'.repeat(32) } },
]
const others: Line[] = [
  { text: 'hello person-00071', labels: { user_id: 'person-0008' } },
  { text: 'nobody', labels: { trace_id: 'b'.repeat(32) } },
]

it('deletes the lines of a person by text, attribute and trace, counts each once, and believes no 204', async () => {
  const { store, compact, stored } = await start([...own, ...others])
  expect((await store.find(target, signal)).records).toBe(4)
  await store.erase(target, signal)
  expect(await store.verify(target, signal)).toBe(4)
  compact()
  expect(await store.verify(target, signal)).toBe(0)
  expect(stored()).toEqual(others)
})

it('leaves no request with the id of a person in it where there is nothing to delete', async () => {
  const { store, asked } = await start(others)
  await store.erase(target, signal)
  expect(asked.filter(one => one.includes('delete'))).toEqual([])
  expect(
    store
      .unerasable(0)
      .map(({ what }) => what)
      .join(),
  ).toContain('the text of delete requests')
})

it('exports each line once', async () => {
  const { store } = await start([...own, ...others])
  const records = []
  for await (const { record } of store.export(target, signal)) records.push(record)
  expect(records).toHaveLength(4)
})

it('asks for traces by the fifty, so that a URL has room for them', () => {
  server = createServer()
  const traceIds = Array.from({ length: 120 }, (_, n) => n.toString(16).padStart(32, '0'))
  const queries = queriesOf({ identity, traceIds }, true)
  expect(queries).toHaveLength(5)
  expect(Math.max(...queries.map(query => encodeURIComponent(query).length))).toBeLessThan(8_000)
})
