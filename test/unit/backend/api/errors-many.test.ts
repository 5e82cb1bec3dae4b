// Groups of thousands of failures, beside what a plain count over the generator's own list says: the most frequent are the
// most frequent of all, however few the request wants, and however the stacks part what is alike.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Api, startApi } from './ask'

const start = 1_795_000_000_000
const kv = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const word = (n: number): string => [...String(n)].map(digit => 'abcdefghij'[Number(digit)]).join('')

interface Failure {
  readonly message: string
  readonly stack: number
}

/** 2,000 messages that differ in words; every tenth comes more often, and of some of these each occurrence has a stack of its own. */
const failures: Failure[] = Array.from({ length: 2_000 }, (_, n) => {
  const times = n % 10 === 0 ? 3 + (n % 70) : 1
  return Array.from({ length: times }, (_, at) => ({
    message: `file ${word(n)} of tenant ${word(n * 7)} was not found`,
    stack: n % 20 === 0 ? at % 9 : 0,
  }))
}).flat()

/** As they are grouped: by message and the file on top of the stack. */
function expected(limit: number) {
  const groups = new Map<string, { message: string; count: number; last: number }>()
  for (const [at, { message, stack }] of failures.entries()) {
    const known = groups.get(`${message} ${stack}`)
    groups.set(`${message} ${stack}`, { message, count: (known?.count ?? 0) + 1, last: (start + at) / 1_000 })
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || b.last - a.last).slice(0, limit)
}

let api: Api
beforeAll(async () => {
  const spans = failures.map(({ message, stack }, at) => ({
    traceId: (at + 1).toString(16).padStart(32, '0'),
    spanId: (at + 1).toString(16).padStart(16, '0'),
    name: 'read',
    startTimeUnixNano: `${start + at}000000`,
    endTimeUnixNano: `${start + at + 1}000000`,
    status: { code: 2, message },
    events: [
      {
        name: 'exception',
        attributes: [
          kv('exception.type', 'NotFound'),
          kv('exception.stacktrace', `NotFound: x\n    at read (/app/${word(stack)}.js:1:2)`),
        ],
      },
    ],
  }))
  api = await startApi([{ resourceSpans: [{ scopeSpans: [{ spans }] }] }], start + 60_000)
})
afterAll(() => api.store.close())

it.each([1, 2, 20, 300])('the first %i', async limit => {
  const { groups } = await api.json(`/api/afn/errors?start=${start / 1_000}&end=${start / 1_000 + 60}&limit=${limit}`)
  const found = groups.map(({ message, count, last }: Record<string, unknown>) => ({ message, count, last }))
  expect(found).toEqual(expected(limit))
})
