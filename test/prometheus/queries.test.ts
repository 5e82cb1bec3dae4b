// The whole PromQL part of collector/queries, sent by `afn-otel query` to a real Prometheus.
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { answerOf, check, namesOf, parametersOf, query } from '../support/ask'
import { answers } from './answers'
import { request } from './metrics'

const prometheus = inject('prometheus')
const names = namesOf('promql')
const here = ['--prometheus', prometheus ?? '']
const MINUTES = 70

describe.skipIf(prometheus === undefined)('the catalogue on Prometheus', () => {
  beforeAll(async () => {
    const now = Math.floor(Date.now() / 1_000)
    for (let minute = 1; minute <= MINUTES; minute++) {
      const body = JSON.stringify(request(minute, Math.max(0, minute - MINUTES + 25), now - (MINUTES - minute) * 60))
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${prometheus}/api/v1/otlp/v1/metrics`, { method: 'POST', headers, body })
      expect([minute, response.status, await response.text()]).toEqual([minute, 200, ''])
    }
  })

  it('has an answer by hand for every query', () => {
    expect(Object.keys(answers).sort()).toEqual([...names].sort())
  })

  it.each(names)('%s', async name => {
    const expected = answers[name]!
    // what it compares with has to be before the change
    const since = name === 'first-token-regression' ? ['--since', '10m'] : []
    check(await answerOf([...here, name, ...since, ...parametersOf(expected)]), expected)
  })

  it('passes on what Prometheus refuses', async () => {
    const { code, stderr } = await query([...here, 'rate(x_total)'])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/returned 400: .*range vector/) })
  })
})
