// The whole TraceQL part of collector/queries, asked by `afn-otel query` of a real Tempo.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { readCatalogue } from '../../src/queries/catalogue'
import { root } from '../support/packed'
import { answers, type Expected } from './answers'
import { nameOf, requests } from './traces'

const tempo = inject('tempo')
const catalogue = [...readCatalogue(path.join(root, 'collector/queries')).values()]
const names = catalogue.filter(({ language }) => language === 'traceql').map(({ name }) => name)

let start = 0
/** Back to before the first of our traces, and no further: this Tempo may have been used before. */
const since = () => `${Math.ceil((Date.now() - start) / 1_000) + 1}s`

interface Result {
  code: number | null
  stdout: string
  stderr: string
}

function query(args: string[]): Promise<Result> {
  const command = [path.join(root, 'dist/cli.cjs'), 'query', '--tempo', tempo?.url ?? '', '--since', since(), ...args]
  return new Promise(resolve => {
    const child = spawn(process.execPath, command, { env: { PATH: process.env.PATH } })
    const result: Result = { code: null, stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', text => {
      result.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      result.stderr += text
    })
    child.on('close', code => resolve({ ...result, code }))
  })
}

async function answerOf(args: string[]) {
  const { code, stdout, stderr } = await query(['--json', ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

interface Found {
  traces: { traceId: string }[]
  groups: { labels: Record<string, unknown>; value: number }[]
  series: { labels: Record<string, unknown>; samples: [string, number][] }[]
  stepSeconds: number
}

function labelOf({ labels }: { labels: Record<string, unknown> }): string {
  const values = Object.entries(labels).filter(([name]) => name !== '__name__' && name !== 'p')
  return values.map(([, value]) => value ?? 'nil').join(' / ')
}

function check({ traces, groups, series, stepSeconds }: Found, expected: Expected): void {
  const { within = 1e-9, ordered } = expected
  if (expected.traces) {
    const found = traces.map(({ traceId }) => nameOf(traceId))
    expect(ordered ? found : found.sort()).toEqual(ordered ? expected.traces : [...expected.traces].sort())
  }
  const numbers = (rows: [string, number[]][]) => Object.fromEntries(rows)
  const near = (values: Record<string, number[]>) =>
    Object.fromEntries(
      Object.entries(values).map(([label, list]) => [label, list.map(value => aboutEqual(value, within))]),
    )
  const single = (values: Record<string, number>) =>
    numbers(Object.entries(values).map(([label, value]) => [label, [value]]))
  if (expected.groups) {
    expect(numbers(groups.map(group => [labelOf(group), [group.value]]))).toEqual(near(single(expected.groups)))
  }
  const valuesOf = (one: Found['series'][0]) => one.samples.map(([, value]) => value)
  if (expected.series) {
    expect(numbers(series.map(one => [labelOf(one), valuesOf(one).filter(Boolean)]))).toEqual(near(expected.series))
  }
  if (expected.counts) {
    const total = (one: Found['series'][0]) => valuesOf(one).reduce((sum, value) => sum + value * stepSeconds, 0)
    expect(numbers(series.map(one => [labelOf(one), [total(one)]]))).toEqual(near(single(expected.counts)))
  }
}

const aboutEqual = (value: number, within: number) => ({
  asymmetricMatch: (found: number) => Math.abs(found - value) <= value * within,
  toString: () => `about ${value}`,
})

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
    // searchable when the last one is
    for (const deadline = Date.now() + 100_000; Date.now() < deadline; ) {
      const { traces } = await answerOf(['{ }', '--limit', '100', '--tier', 'detailed'])
      if (traces.length >= 12) return
      await new Promise(resolve => setTimeout(resolve, 1_000))
    }
    throw new Error('Tempo does not find the traces that it took')
  }, 120_000)

  it('has an answer by hand for every query', () => {
    expect(Object.keys(answers).sort()).toEqual([...names].sort())
  })

  it.each(names)('%s', async name => {
    const expected = answers[name]!
    const parameters = Object.entries(expected.parameters ?? {}).flatMap(pair => ['--param', pair.join('=')])
    check(await answerOf([name, ...parameters]), expected)
  })

  it('shows each trace once, however many tiers hold it, and only what a tier holds', async () => {
    const failed = '{ span.gen_ai.operation.name = "execute_tool" && status = error }'
    const { tenants, traces } = await answerOf([failed])
    expect(tenants).toEqual(['afn-detailed', 'afn-sampled', 'afn-errors'])
    expect(traces.map((trace: { matched: number }) => trace.matched)).toEqual([1])
    const inErrors: Found = await answerOf(['{ nestedSetParent < 0 }', '--tier', 'errors'])
    expect(inErrors.traces.map(({ traceId }) => nameOf(traceId)).sort()).toEqual(['cut', 'loop', 'unhealthy'])
  })

  it('counts once what three tiers hold', async () => {
    const { tenants, series, stepSeconds } = await answerOf(['{ span.gen_ai.tool.name = "search" } | rate()'])
    expect(tenants).toEqual(['afn-detailed'])
    const total = series[0].samples.reduce((sum: number, [, value]: [string, number]) => sum + value * stepSeconds, 0)
    expect(total).toBeCloseTo(3)
  })

  it('finds values with quotes, backslashes and line ends in them, and nothing else', async () => {
    for (const user of ['u1" || true || "', 'u1` || true || `', `\\"\`\n\u0001`]) {
      expect((await answerOf(['user-traces', '--param', `user=${user}`])).traces).toEqual([])
    }
    const label = (await answerOf(['redacted-prompts'])).traces[0].spans[0]
    expect(label.attributes['user.id']).toBe('u1')
  })

  it('passes on what Tempo refuses', async () => {
    const { code, stderr } = await query(['{ span.a = }'])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/answers 400: .*parse error/) })
  })

  it('prints a table', async () => {
    const { stdout, stderr } = await query(['slow-chats'])
    expect(stdout).toMatch(
      /^START +SERVICE +ROOT .*\n.* chat-api +POST \/chat +3100 .* claude-sonnet-5 +2500 +00[0-9a-f]{30}\n$/,
    )
    expect(stderr).toMatch(/^Tempo afn-detailed afn-sampled afn-errors, /)
  })
})
