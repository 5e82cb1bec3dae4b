// The SDK's quick look at a file of SLOs. The oracle is the reader of whole files: both find the same thresholds, and the same mistakes in
// them at the same places.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import * as yaml from 'yaml'
import { defaultSloFile } from '../../src/monitoring/slo/defaults'
import { edgesIn } from '../../src/monitoring/slo/edges'
import { readSlos } from '../../src/monitoring/slo/read'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-edges-'))

function quickly(...texts: string[]) {
  const files = texts.map((_, number) => path.join(folder, `${number}.yaml`))
  for (const [number, text] of texts.entries()) writeFileSync(files[number]!, text)
  const wrong: string[] = []
  return { edges: edgesIn(files, yaml, message => wrong.push(message)), wrong }
}

const head = 'version: prometheus/v1\nservice: shop\nslos:\n'
const slo = (name: string, latency: string) => `  - {name: ${name}, objective: 95, sli: {latency: {${latency}}}}\n`

/** Thresholds as they may be written, and the instrument that they are for. */
const thresholds: [latency: string, name: string, unit: string][] = [
  ['metric: http.server.request.duration, threshold: 2s', 'http.server.request.duration', 's'],
  ['metric: http.server.request.duration, threshold: 1500ms', 'http.server.request.duration', 's'],
  ['metric: http.server.request.duration, threshold: 2', 'http.server.request.duration', 's'],
  ['metric: wait, unit: ms, threshold: .5s', 'wait', 'ms'],
  ['metric: wait, unit: ms, threshold: 2m', 'wait', 'ms'],
  ['metric: db.size, unit: By, threshold: 4096', 'db.size', 'By'],
  ['metric: http_server_request_duration_seconds, threshold: 0.3', 'http.server.request.duration', 's'],
  ['metric: score, unit: "1", threshold: 0.7', 'score', ''],
  ['metric: wait, native: true, threshold: 2s', 'wait', 's'],
]

describe('a file that is right', () => {
  it.each(thresholds)('{%s} is an edge of %s in %s, as the reader of whole files has it', (latency, name, unit) => {
    const text = head + slo('a', latency)
    const { slos, mistakes } = readSlos(text)
    expect(mistakes).toEqual([])
    const expected = slos.flatMap(({ sli }) =>
      sli.kind === 'latency' && sli.metric.type === 'histogram' ? [sli.threshold] : [],
    )
    const { edges, wrong } = quickly(text)
    expect(wrong).toEqual([])
    expect(edges(name, unit)).toEqual(expected)
    expect(edges(name, 'min')).toEqual([])
  })

  it('has the edge of the default SLOs', () => {
    expect(quickly(defaultSloFile()).edges('http.server.request.duration', 's')).toEqual([2])
  })

  it('may hold several services, and other files count too', () => {
    const [one, two, three] = [1, 2, 3].map(n => `${head}${slo('a', `metric: wait, threshold: ${n}`)}`)
    const { edges, wrong } = quickly(
      `# first\n---\n${one}---\n${two!.replace('shop', 'till')}`,
      three!.replace('shop', 'door'),
    )
    expect({ edges: edges('wait', 's'), wrong }).toEqual({ edges: [1, 2, 3], wrong: [] })
  })

  it('may be JSON with comments', () => {
    const text = `// ours\n{"version": "prometheus/v1", "service": "shop", "slos": [{"name": "a", "objective": 95, /* p95 */ "sli": {"latency": {"metric": "wait", "threshold": "2s"}}}]}`
    expect(readSlos(text).mistakes).toEqual([])
    expect(quickly(text)).toMatchObject({ wrong: [] })
    expect(quickly(text).edges('wait', 's')).toEqual([2])
  })
})

describe('a file that is not', () => {
  it.each([
    ['metric: wait, threshold: soon', 4],
    ['metric: wait, threshold: -2', 4],
    ['metric: wait, threshold: 0', 4],
    ['metric: wait, threshold: [2]', 4],
    ['metric: wait, threshold: .inf', 4],
  ])('{%s} is refused at the place at which the reader of whole files refuses it', (latency, line) => {
    const text = head + slo('a', latency) + slo('b', 'metric: wait, threshold: 3s')
    const [mistake] = readSlos(text).mistakes
    expect(mistake?.line).toBe(line)
    const { edges, wrong } = quickly(text)
    expect(wrong).toEqual([expect.stringContaining(`0.yaml:${mistake!.line}:${mistake!.column}: threshold takes`)])
    expect(edges('wait', 's')).toEqual([3])
  })

  it.each([
    'a: [',
    '[]',
    'just words',
    'version: sloth/v1\nslos: []',
    'apiVersion: openslo/v1\nkind: SLO',
    `${head}  - null\n  - {sli: null}\n  - {sli: {latency: null}}\n  - {sli: {latency: {}}}`,
    `a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]`,
    '\u0000',
  ])('%j is refused with its place, and nothing is thrown', text => {
    const { edges, wrong } = quickly(text)
    expect(wrong.length).toBeGreaterThan(0)
    for (const message of wrong) expect(message).toMatch(/0\.yaml:\d+:\d+: /)
    expect(edges('wait', 's')).toEqual([])
  })

  it('of nothing but comments adds no boundary', () => {
    expect(quickly('# later\n')).toMatchObject({ wrong: [] })
  })
})
