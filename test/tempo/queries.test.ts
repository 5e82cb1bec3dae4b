// The whole TraceQL part of collector/queries, sent by `afn-otel query` to a real Tempo.
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { answerOf, check, type Found, namesOf, parametersOf, query } from '../support/ask'
import { answers } from './answers'
import { nameOf, requests, traces } from './traces'

const tempo = inject('tempo')
const names = namesOf('traceql')

let start = 0
/**
 * Back to before the first of our traces, also when the command takes long to start, and not much further: this Tempo may
 * have been used before.
 */
const here = () => ['--tempo', tempo?.url ?? '', '--since', `${Math.ceil((Date.now() - start) / 1_000) + 20}s`]

const spanCount = Object.values(traces).reduce((sum, { spans }) => sum + spans.length, 0)
/** Of a rate: how many there were in the whole window. */
const countOf = ({ series, stepSeconds }: Found): number =>
  Math.round(series.flatMap(({ samples }) => samples).reduce((sum, [, value]) => sum + value * stepSeconds, 0))

describe.skipIf(tempo === undefined)('the catalogue on Tempo', () => {
  beforeAll(async () => {
    start = Math.floor(Date.now() / 1_000 - 12) * 1_000
    for (const { body, tenants } of requests(start)) {
      for (const tenant of tenants) {
        const headers = { 'content-type': 'application/json', 'x-scope-orgid': tenant }
        const response = await fetch(`${tempo?.otlp}/v1/traces`, {
          method: 'POST',
          headers,
          body: JSON.stringify(body),
        })
        expect([tenant, response.status]).toEqual([tenant, 200])
      }
    }
    // search and metrics find the newest seconds at different times, and refuse a window with nothing else in it
    const soFar = async (args: string[]) => {
      const { code, stdout } = await query(['--json', ...here(), ...args])
      return code === 0 ? JSON.parse(stdout) : { traces: [], series: [] }
    }
    for (const deadline = Date.now() + 100_000; Date.now() < deadline; ) {
      const { traces: found } = await soFar(['{ }', '--limit', '100', '--tier', 'detailed'])
      const spans = countOf(await soFar(['{ } | rate()']))
      if (found.length >= Object.keys(traces).length && spans >= spanCount) return
      await new Promise(resolve => setTimeout(resolve, 1_000))
    }
    throw new Error('Tempo does not find the traces that it took')
  }, 120_000)

  it('has an answer by hand for every query', () => {
    expect(Object.keys(answers).sort()).toEqual([...names].sort())
  })

  it.each(names)('%s', async name => {
    const expected = answers[name]!
    check(await answerOf([...here(), name, ...parametersOf(expected)]), expected, nameOf)
  })

  it('shows each trace once, however many tiers hold it, and only what a tier holds', async () => {
    const failed = '{ span.gen_ai.operation.name = "execute_tool" && status = error }'
    const { tenants, traces } = await answerOf([...here(), failed])
    expect(tenants).toEqual(['afn-detailed', 'afn-sampled', 'afn-errors'])
    expect(traces.map((trace: { matched: number }) => trace.matched)).toEqual([1])
    const inErrors: Found = await answerOf([...here(), '{ nestedSetParent < 0 }', '--tier', 'errors'])
    expect(inErrors.traces.map(({ traceId }) => nameOf(traceId)).sort()).toEqual(['cut', 'loop', 'unhealthy'])
  })

  it('counts once what three tiers hold', async () => {
    const { tenants, series, stepSeconds } = await answerOf([
      ...here(),
      '{ span.gen_ai.tool.name = "search" } | rate()',
    ])
    expect(tenants).toEqual(['afn-detailed'])
    const total = series[0].samples.reduce((sum: number, [, value]: [string, number]) => sum + value * stepSeconds, 0)
    expect(total).toBeCloseTo(3)
  })

  it('finds values with quotes, backslashes and line ends in them, and nothing else', async () => {
    for (const user of ['u1" || true || "', 'u1` || true || `', `\\"\`\n\u0001`]) {
      expect((await answerOf([...here(), 'user-traces', '--param', `user=${user}`])).traces).toEqual([])
    }
    const label = (await answerOf([...here(), 'redacted-prompts'])).traces[0].spans[0]
    expect(label.attributes['user.id']).toBe('u1')
  })

  it('passes on what Tempo refuses', async () => {
    const { code, stderr } = await query([...here(), '{ span.a = }'])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/returned 400: .*parse error/) })
  })

  it('says what to do about a window over which it does not compute', async () => {
    const { code, stderr } = await query([...here(), '{ } | rate()', '--since', '120d'])
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Tempo computes metrics over at most 2160h0m0s'),
    })
  })

  it('prints a table', async () => {
    const { stdout, stderr } = await query([...here(), 'slow-chats'])
    expect(stdout).toMatch(
      /^START +SERVICE +ROOT .*\n.* chat-api +POST \/chat +3100 .* claude-sonnet-5 +2500 +00[0-9a-f]{30}\n$/,
    )
    expect(stderr).toMatch(/^Tempo afn-detailed afn-sampled afn-errors, /)
  })
})
