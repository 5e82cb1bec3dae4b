import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { usedComponents } from '../../src/pipeline/components'
import generate from '../../src/pipeline/generate'
import { policies, retention } from '../../src/tiers'

const root = path.resolve(import.meta.dirname, '../..')
const generated = generate()

test.each(generated)('$path is what the table says; run `npm run generate`', ({ path: file, content }) => {
  expect(readFileSync(path.join(root, file), 'utf8')).toBe(content)
})

describe('otel-collector.yaml', () => {
  const text = generated[0]!.content
  const config = parse(text)

  it('has every policy of the table, and health checks', () => {
    const names = config.processors['tail_sampling/keep'].policies.map((policy: { name: string }) => policy.name)
    expect(names).toEqual(['health_check', ...Object.keys(policies)])
  })

  it('judges errors alike in both samplers, or the tiers would not nest', () => {
    const errorsOf = (sampler: string) =>
      config.processors[sampler].policies.find((policy: { name: string }) => policy.name === 'errors')
    expect(errorsOf('tail_sampling/errors')).toEqual(errorsOf('tail_sampling/keep'))
  })

  it('says at each Tempo leg how long it keeps', () => {
    for (const [tier, days] of Object.entries(retention.traces)) {
      expect(text).toMatch(new RegExp(`otlp_grpc/tempo-${tier}:\n +# Kept for ${days} days`))
    }
  })

  it('limits memory first and redacts, wherever something comes in from outside', () => {
    const pipelines = Object.values<{ receivers: string[]; processors?: string[] }>(config.service.pipelines)
    const open = pipelines.filter(({ receivers }) => receivers.includes('otlp'))
    expect(open).toHaveLength(3)
    for (const { processors = [] } of open) {
      expect(processors[0]).toBe('memory_limiter')
      expect(processors.some(name => name.startsWith('redaction/'))).toBe(true)
    }
  })

  it('listens on loopback unless told otherwise', () => {
    expect(text).not.toMatch(/:-0\.0\.0\.0/)
  })

  it('defines every component that a pipeline names, and uses every one that it defines', () => {
    const defined = ['receivers', 'processors', 'exporters', 'connectors', 'extensions'].flatMap(kind =>
      Object.keys(config[kind]),
    )
    const pipelines = Object.values<Record<string, string[]>>(config.service.pipelines)
    const named = new Set([...config.service.extensions, ...pipelines.flatMap(p => Object.values(p).flat())])
    expect([...named].sort()).toEqual(defined.sort())
  })

  it('doubles every $ of a regular expression', () => {
    expect(text.match(/\$(?!\{env:|\$)/g)?.length).toBe(text.match(/\$\$/g)?.length)
  })
})

it('collector/files.yaml gives every leg that leaves the machine a file', () => {
  const { pipelines } = parse(generated[0]!.content).service
  const overlay = parse(generated[1]!.content)
  const leaving = Object.entries<{ exporters: string[] }>(pipelines)
    .filter(([, { exporters }]) => exporters.some(name => name.startsWith('otlp_')))
    .map(([name]) => name)
  expect(Object.keys(overlay.service.pipelines).sort()).toEqual(leaving.sort())
})

it('every component that we use is in builder.yaml', () => {
  const builder = readFileSync(path.join(root, 'collector/builder.yaml'), 'utf8')
  for (const [kind, type] of usedComponents()) {
    // otlp_grpc is built from otlpexporter, file_storage from filestorage: the module has no underscores.
    const module = type === 'otlp_grpc' ? 'otlp' : type.replaceAll('_', '')
    const suffix = module === 'filestorage' ? '' : kind.slice(0, -1)
    expect(builder).toContain(`/${module}${suffix} v`)
  }
})
