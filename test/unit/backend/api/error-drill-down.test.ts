// A group of errors beside what its drill-down shows: the chart and the traces that its query finds have the numbers of the generator's own list.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SearchAnswer } from '../../../../src/backend/api/answers'
import type { ErrorsAnswer } from '../../../../src/backend/api/error-answers'
import type { LogsAnswer } from '../../../../src/backend/api/log-answers'
import type { SessionsAnswer } from '../../../../src/backend/api/session-answers'
import { errorQuery } from '../../../../src/backend/explorer/data/error-query'
import { type Api, startApi } from './ask'

const start = 1_795_000_200_000
const window = `start=${start / 1_000}&end=${start / 1_000 + 600}`
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
const kv = (key: string, stringValue: string) => ({ key, value: { stringValue } })

interface Failure {
  readonly service: string
  readonly span: string
  readonly type: string
  /** Of one occurrence, by its number. */
  readonly message: (n: number) => string
  readonly times: number
  /** An exception as an event, of a span whose status is not set. */
  readonly isThrown?: boolean
}

/** Alike but for one thing: several spans fail with one message, one message has several types, two messages begin alike. */
const failures: readonly Failure[] = [
  {
    service: 'shop',
    span: 'GET /orders/:id',
    type: 'NotFoundError',
    message: n => `order ${n} was not found`,
    times: 40,
  },
  {
    service: 'shop',
    span: 'GET /carts/:id',
    type: 'NotFoundError',
    message: n => `order ${n}.5 was not found`,
    times: 30,
  },
  {
    service: 'shop',
    span: 'load order',
    type: 'NotFoundError',
    message: n => `order ${n} was not found`,
    times: 18,
    isThrown: true,
  },
  {
    service: 'shop',
    span: 'GET /orders/:id',
    type: 'NotFoundError',
    message: () => 'order was not found at all',
    times: 3,
  },
  { service: 'shop', span: 'GET /orders/:id', type: 'Timeout', message: n => `order ${n} was not found`, times: 7 },
  {
    service: 'mail',
    span: 'GET /orders/:id',
    type: 'NotFoundError',
    message: n => `order ${n} was not found`,
    times: 5,
  },
  {
    service: 'shop',
    span: 'chat',
    type: '429',
    message: n => `Rate limit (req_${hex(n, 12)}) for [EMAIL:${hex(n, 16)}] *`,
    times: 25,
  },
  { service: 'shop', span: 'chat', type: '429', message: () => 'Rate limit', times: 4 },
  { service: 'shop', span: 'quote "x" \\ `y`', type: '', message: () => 'line one\nline two', times: 6 },
  { service: 'shop', span: 'silent', type: '', message: () => '', times: 2 },
]

const spans = failures.flatMap(({ service, span, type, message, times, isThrown }, kind) =>
  Array.from({ length: times }, (_, n) => ({
    service,
    span,
    type,
    text: message(n),
    isThrown,
    kind,
    at: start + kind * 57_000 + n * 700,
  })),
)

describe('a group of errors', () => {
  let api: Api

  beforeAll(async () => {
    const resourceSpans = ['shop', 'mail'].map(service => ({
      resource: { attributes: [kv('service.name', service)] },
      scopeSpans: [
        {
          spans: spans.flatMap(({ at, text, type, span, isThrown, ...one }, index) =>
            one.service !== service
              ? []
              : [
                  {
                    traceId: hex(index + 1, 32),
                    spanId: hex(index + 1, 16),
                    name: span,
                    kind: 2,
                    startTimeUnixNano: `${at}000000`,
                    endTimeUnixNano: `${at + 20}000000`,
                    ...(isThrown
                      ? {
                          events: [
                            {
                              name: 'exception',
                              attributes: [kv('exception.type', type), kv('exception.message', text)],
                            },
                          ],
                        }
                      : {
                          status: { code: 2, message: text },
                          attributes: [...(type ? [kv('error.type', type)] : []), kv('session.id', `s-${index}`)],
                        }),
                  },
                ],
          ),
        },
      ],
    }))
    const logRecords = Array.from({ length: 30 }, (_, n) => ({
      // three lines a time, so that a page ends within equal times
      timeUnixNano: `${start + Math.floor(n / 3)}000000`,
      severityNumber: 9,
      body: { stringValue: `line ${n}` },
    }))
    api = await startApi([{ resourceSpans }, { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }], start + 600_000)
  })
  afterAll(() => api.store.close())

  it('has other numbers than its chart, or than the traces that its drill-down finds', async () => {
    const { groups, stepSeconds, complete }: ErrorsAnswer = await api.json(`/api/afn/errors?${window}&step=60`)
    expect([stepSeconds, complete]).toEqual([60, true])
    const kinds = new Map<string, typeof spans>()
    // kinds 0 to 2 are one group, and each other kind is one
    for (const span of spans) {
      const key = String(Math.max(2, span.kind))
      kinds.set(key, [...(kinds.get(key) ?? []), span])
    }
    expect(groups).toHaveLength(kinds.size)
    for (const members of kinds.values()) {
      const { service, type } = members[0]!
      const own = members.map(member => spans.indexOf(member) + 1)
      const candidates = groups.filter(
        group => group.service === service && group.type === type && group.count === members.length,
      )
      expect(candidates, `${service} ${type}`).toHaveLength(1)
      const group = candidates[0]!
      const counts = new Map<number, number>()
      for (const { at } of members) {
        const step = Math.floor(at / 60_000) * 60
        counts.set(step, (counts.get(step) ?? 0) + 1)
      }
      expect(group.points).toEqual([...counts].sort(([a], [b]) => a - b))
      const query = encodeURIComponent(errorQuery(group)!)
      const { traces = [] }: SearchAnswer = await api.json(`/api/search?${window}&limit=1000&q=${query}`)
      // a span without a message says nothing of which of its kind it is
      const found = traces.map(({ traceID }) => Number.parseInt(traceID, 16)).sort((a, b) => a - b)
      if (group.message !== '') expect(found).toEqual(own)
      else expect(own.every(id => found.includes(id))).toBe(true)
      expect(group.examples[0]).toMatchObject({ span: members.at(-1)!.span, traceId: hex(own.at(-1)!, 32) })
    }
  })

  it('is left out in silence where there are more than asked for', async () => {
    expect(await api.json(`/api/afn/errors?${window}&limit=3`)).toMatchObject({ complete: false })
    const sessions: SessionsAnswer = await api.json(`/api/afn/sessions?${window}&limit=3`)
    expect([sessions.sessions.length, sessions.complete]).toEqual([3, false])
    expect(await api.json(`/api/afn/sessions?${window}&limit=1000`)).toMatchObject({ complete: true })
  })

  it('and a list of log lines, which ends where the next page would begin, or has a line twice', async () => {
    const lines: unknown[] = []
    for (let after: string | null = '', pages = 0; after !== null; pages++) {
      const page: LogsAnswer = await api.json(`/api/afn/logs?${window}&limit=7${after && `&after=${after}`}`)
      lines.push(...page.logs.map(({ body }) => body))
      after = page.next
      expect(pages).toBeLessThan(6)
    }
    expect(lines).toHaveLength(30)
    expect(new Set(lines).size).toBe(30)
    expect(lines.slice(0, 3)).toEqual(['line 27', 'line 28', 'line 29'])
    expect((await api.get(`/api/afn/logs?${window}&after=soon`)).status).toBe(400)
  })
})
