// The tier that SQL computes is the one that src/shared/tiers decides.
import { expect, test } from 'vitest'
import { openStore } from '../../../src/backend/store/store'
import { foldedSpans, tierExpression } from '../../../src/backend/store/tier'
import { decide, decision, policies, spansOfOtlp } from '../../../src/shared/tiers'

test('the SQL of the tiers agrees with decide() on all that a trace can say', async () => {
  const store = await openStore({ path: ':memory:' })
  const rows = await store.query(`
    SELECT signals, last_ns, ${tierExpression(policies)} AS tier
    FROM (SELECT unnest(range(128)) AS signals),
      (SELECT 0 AS first_ns, unnest([0, 2000000000, 2000999999, 2001000000]::BIGINT[]) AS last_ns)`)
  expect(rows).toHaveLength(128 * 4)
  for (const { signals, last_ns, tier } of rows) {
    expect(tier).toBe(decision(Number(signals), last_ns as bigint).tier)
  }
  await store.close()
})

test('the tier flags of the store are those of decide()', async () => {
  const attribute = (key: string, value: object) => ({ attributes: [{ key, value }] })
  const spans = [
    {},
    { status: { code: 2 } },
    { status: { code: 2 }, kind: 3, ...attribute('http.response.status_code', { intValue: '404' }) },
    { events: [{ name: 'exception' }] },
    { kind: 2, ...attribute('url.path', { stringValue: '/health' }) },
    attribute('afn.llm.cost.total', { doubleValue: 0.6 }),
    attribute('afn.llm.cost.total', { intValue: '1' }),
    attribute('afn.llm.guardrail.triggered', { boolValue: true }),
    { events: [{ name: 'e', ...attribute('gen_ai.evaluation.score.value', { doubleValue: 0.1 }) }] },
    { endTimeUnixNano: '2001000001' },
  ].map((span, at) => ({
    traceId: (at + 1).toString(16).padStart(32, '0'),
    spanId: '00000000000000a1',
    name: String(at),
    startTimeUnixNano: '1',
    endTimeUnixNano: '2',
    ...span,
  }))
  const store = await openStore({ path: ':memory:' })
  await store.write('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
  const rows = await store.query(`
    SELECT trace, ${tierExpression(policies)} AS tier
    FROM (SELECT s.trace_id::INTEGER AS trace, ${foldedSpans} FROM spans s GROUP BY s.trace_id) ORDER BY trace`)
  const decided = spansOfOtlp({ resourceSpans: [{ scopeSpans: [{ spans }] }] }).map(span => decide([span]).tier)
  expect(rows.map(({ tier }) => tier)).toEqual(decided)
  await store.close()
})
