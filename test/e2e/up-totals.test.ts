// What commands say of a trace with more spans, and of a session with more calls, than one answer of `afn-otel up` has.
import { expect, it } from 'vitest'
import { largeTraces } from '../support/large-traces'
import { isLong } from '../support/long'
import { startUp } from '../support/up'

const [spans, turns] = isLong('store') ? [200_000, 20_000] : [60_000, 6_000]

it('a report of costs and the named queries have the sums of all spans, not of those that one answer has', async () => {
  const { requests, truth, session } = largeTraces(Date.now() - 400_000, spans, turns)
  const up = await startUp()
  for (const request of requests()) expect((await up.post('traces', request)).status).toBe(200)
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await up.command([...args, '--json'], { AFN_TEMPO_URL: up.url })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  const sum = (rows: readonly { usd: number; calls: number }[]) => [
    rows.reduce((total, { usd }) => total + usd, 0),
    rows.reduce((total, { calls }) => total + calls, 0),
  ]
  const all = [truth.costUsd + session.costUsd, truth.calls + session.calls]
  const since = new Date(Date.now() - 400_000).toISOString().slice(0, 10)
  const byModel = await json('cost', 'report', '--from', since)
  expect(sum(byModel.rows)).toEqual(all)
  expect(byModel.tokens).toMatchObject({
    input: truth.inputTokens + session.inputTokens,
    output: truth.outputTokens + session.outputTokens,
  })
  const byUser = await json('cost', 'report', '--from', since, '--by', 'user')
  expect(byUser.rows).toMatchObject([
    { labels: { user: truth.costUsd > session.costUsd ? 'one' : 'other' } },
    { labels: { user: truth.costUsd > session.costUsd ? 'other' : 'one' } },
  ])
  expect(sum(byUser.rows)).toEqual(all)
  expect(JSON.stringify(await json('query', 'cost-by-session', '--since', '1h'))).toContain(String(session.costUsd))
  expect(await up.stop()).toBe(0)
})
