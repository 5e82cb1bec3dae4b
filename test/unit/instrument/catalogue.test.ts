import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/app/instrument/catalogue'
import { HttpInstrumentation } from '../../../src/app/instrument/http'
import { sources } from '../../../src/app/instrument/sources'

const require = createRequire(import.meta.url)

interface Definition {
  name: string
}

/** Modules that the instrumentation patches, its inner instrumentations included. */
function patched(instrumentation: object): string[] {
  const own = ((instrumentation as { _modules?: Definition[] })._modules ?? []).map(({ name }) => name)
  const inner = Object.values(instrumentation).flatMap(value =>
    value && typeof value === 'object' && '_modules' in value ? patched(value) : [],
  )
  return [...own, ...inner]
}

it('spans of HTTP have the version of the instrumentation whose attributes they have', () => {
  const manifest = readFileSync('node_modules/@opentelemetry/instrumentation-http/package.json', 'utf8')
  const { instrumentationVersion } = new HttpInstrumentation({ enabled: false })
  expect(instrumentationVersion).toBe(JSON.parse(manifest).version)
})

describe('the catalogue', () => {
  it('has a class for each instrumentation, and none besides', () => {
    expect(Object.keys(sources).sort()).toEqual(catalogue.map(({ name }) => name).sort())
  })

  it.each(catalogue.filter(({ name }) => !sources[name]?.[0].startsWith('.')))(
    '$name is armed for every module that it patches',
    ({ name, targets }) => {
      const [module, class_] = sources[name]!
      const Instrumentation = require(module)[class_]
      const modules = patched(new Instrumentation({ enabled: false }))
      expect(targets).toEqual(expect.arrayContaining([...new Set(modules)]))
    },
  )

  it('has all of auto-instrumentations-node but those that need no module, AWS Lambda, and where there are ours', () => {
    const manifest = JSON.parse(
      readFileSync('node_modules/@opentelemetry/auto-instrumentations-node/package.json', 'utf8'),
    )
    const theirs = Object.keys(manifest.dependencies).flatMap(name =>
      name.startsWith('@opentelemetry/instrumentation-') ? [name] : [],
    )
    const ours = new Set(Object.values(sources).map(([module]) => module))
    expect(theirs.filter(name => !ours.has(name)).map(name => path.basename(name))).toEqual([
      'instrumentation-aws-lambda',
      'instrumentation-bunyan',
      'instrumentation-express',
      'instrumentation-host-metrics',
      'instrumentation-http',
      'instrumentation-koa',
      'instrumentation-nestjs-core',
      'instrumentation-pg',
      'instrumentation-pino',
      'instrumentation-runtime-node',
      'instrumentation-undici',
      'instrumentation-winston',
    ])
  })
})
