// OpenTelemetry's globals, against the real API: copies of 1.9.1 and 1.10.0, as CommonJS, as ES modules and in a bundle. Each
// test loads copies of its own, since a copy remembers what it has found.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Context, type ContextManager, ROOT_CONTEXT, type TracerProvider } from '@opentelemetry/api'
import { logs } from '@opentelemetry/api-logs'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alreadyRegistered, type Globals, registerGlobals } from '../../../src/app/sdk/globals'
import { LateLoggerProvider } from '../../../src/app/sdk/late-logger-provider'
import { Random } from '../../support/random'

type Api = typeof import('@opentelemetry/api')
const key = Symbol.for('opentelemetry.js.api.1')
const names = ['trace', 'metrics', 'context', 'propagation'] as const
type Name = (typeof names)[number]

const modules = path.resolve(import.meta.dirname, '../../../node_modules')
const sources = { '1.9.1': 'opentelemetry-api-1.9', '1.10.0': '@opentelemetry/api' } as const
type Version = keyof typeof sources
type Format = 'CommonJS' | 'an ES module' | 'a bundle'

let before: PropertyDescriptor | undefined

beforeEach(() => {
  before = Object.getOwnPropertyDescriptor(globalThis, key)
  Reflect.deleteProperty(globalThis, key)
})

afterEach(() => {
  logs.disable()
  Reflect.deleteProperty(globalThis, key)
  if (before) Object.defineProperty(globalThis, key, before)
})

afterAll(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true })
})

interface Copy {
  readonly api: Api
  /** Where an app would be that has this copy. */
  readonly folder: string
  /** Registers through a package that has this copy. */
  register(name: Name, value: object): boolean
}

const setters = `{
  trace: value => api.trace.setGlobalTracerProvider(value),
  metrics: value => api.metrics.setGlobalMeterProvider(value),
  context: value => api.context.setGlobalContextManager(value),
  propagation: value => api.propagation.setGlobalPropagator(value),
}`

/** Folders by what they have: a package `late-sdk` with a copy of the API of its own. */
const folders = new Map<string, string>()

async function folderOf(version: Version, format: Format): Promise<string> {
  const known = folders.get(`${version} ${format}`)
  // a module that is imported once more is the same one, and what it imports, unless it lies elsewhere
  if (known && format !== 'an ES module') return known
  const folder = mkdtempSync(path.join(tmpdir(), 'globals-'))
  folders.set(known ? folder : `${version} ${format}`, folder)
  cpSync(path.join(modules, sources[version]), path.join(folder, 'node_modules/@opentelemetry/api'), {
    recursive: true,
    filter: file => !/esnext|\.map$|\.d\.[cm]?ts$/.test(path.relative(modules, file)),
  })
  const sdk = path.join(folder, 'node_modules/late-sdk')
  mkdirSync(sdk)
  const script = `const registers = ${setters};\n`
  writeFileSync(
    path.join(sdk, 'index.cjs'),
    `const api = require('@opentelemetry/api');\n${script}module.exports = { api, registers }`,
  )
  const module = path.join(sdk, 'index.mjs')
  writeFileSync(module, `import * as api from '@opentelemetry/api';\n${script}export { api, registers }`)
  if (format === 'a bundle') {
    const outfile = path.join(sdk, 'bundle.mjs')
    await build({ entryPoints: [module], outfile, bundle: true, minify: true, platform: 'node', format: 'esm' })
    rmSync(path.join(folder, 'node_modules/@opentelemetry'), { recursive: true })
  }
  return folder
}

let loads = 0

/** A copy that has found nothing yet. */
async function install(version: Version, format: Format = 'CommonJS'): Promise<Copy> {
  const folder = await folderOf(version, format)
  const sdk = path.join(folder, 'node_modules/late-sdk')
  if (format === 'CommonJS') {
    const require = createRequire(path.join(sdk, 'index.cjs'))
    for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) delete require.cache[file]
    const { api, registers } = require('./index.cjs')
    return { api, folder, register: (name, value) => registers[name](value) }
  }
  const entry = pathToFileURL(path.join(sdk, format === 'a bundle' ? 'bundle.mjs' : 'index.mjs')).href
  const { api, registers } = await import(/* @vite-ignore */ `${entry}?load=${++loads}`)
  return { api, folder, register: (name, value) => registers[name](value) }
}

/** Providers whose work bears the name of their owner. */
function partsOf(owner: string) {
  const provider = (make: string) => ({ [make]: () => ({ startSpan: () => owner, createCounter: () => owner }) })
  const manager: ContextManager = {
    active: () => ROOT_CONTEXT.setValue(key, owner),
    with: (_: Context, fn, self, ...args) => Reflect.apply(fn, self, args),
    bind: (_: Context, target) => target,
    enable: () => manager,
    disable: () => manager,
  }
  return {
    trace: provider('getTracer') as unknown as TracerProvider,
    metrics: provider('getMeter') as unknown as Globals['meterProvider'],
    context: manager,
    propagation: { inject: () => {}, extract: (context: Context) => context, fields: () => [owner] },
  }
}

/** Whose providers an app works with; `none` where the API has its own, which do nothing. */
const ownerOf: Record<Name, (api: Api) => string> = {
  trace: ({ trace }) => named(trace.getTracer('any').startSpan('any')),
  metrics: ({ metrics }) => named(metrics.getMeter('any').createCounter('any')),
  context: ({ context }) => named(context.active().getValue(key)),
  propagation: ({ propagation }) => named(propagation.fields()[0]),
}

const named = (found: unknown) => (typeof found === 'string' ? found : 'none')
const owners = ({ api }: Copy) => names.map(name => ownerOf[name](api))

/** Registers `ours`, and records what is reported. */
function registerOurs({ folder }: Pick<Copy, 'folder'>, yields = true) {
  const { trace, metrics, context, propagation } = partsOf('ours')
  const loggerProvider = new LateLoggerProvider({ getLogger: () => ({ emit() {}, enabled: () => true }) })
  const reported: string[] = []
  const versions = registerGlobals(
    { tracerProvider: trace, meterProvider: metrics, loggerProvider, contextManager: context, propagator: propagation },
    {
      entryDirectory: folder,
      yields,
      onTakenOver: by => reported.push(`taken over by ${by}`),
      onRefused: (what, by) => reported.push(`${what} of ${by} refused`),
    },
  )
  return { reported, versions, loggerProvider }
}

/** Names of the global object that call a function when they are read. */
function accessors(): string[] {
  const all = Object.entries(Object.getOwnPropertyDescriptors(Reflect.get(globalThis, key)))
  return all.filter(([, { get }]) => get !== undefined).map(([name]) => name)
}

const turn = () => new Promise(resolve => setImmediate(resolve))

describe.each<[Version, Format]>([
  ['1.9.1', 'CommonJS'],
  ['1.9.1', 'a bundle'],
  ['1.10.0', 'CommonJS'],
  ['1.10.0', 'an ES module'],
  ['1.10.0', 'a bundle'],
])('the API %s as %s', (version, format) => {
  it('finds our providers, and reads no accessor to do so', async () => {
    const copy = await install(version, format)
    const { reported, versions } = registerOurs(copy)
    expect(versions.registeredAs).toBe('1.10.0')
    expect(owners(copy)).toEqual(['ours', 'ours', 'ours', 'ours'])
    expect(accessors()).toEqual([])
    expect(reported).toEqual([])
  })

  it('registers the providers of an SDK that starts after ours, of which nothing stays behind', async () => {
    const copy = await install(version, format)
    const { reported, loggerProvider } = registerOurs(copy)
    const early = copy.api.trace.getTracer('early')
    expect(logs.getLoggerProvider()).toBe(loggerProvider)
    expect(copy.register('trace', partsOf('theirs').trace)).toBe(true)
    expect(owners(copy)).toEqual(['theirs', 'none', 'none', 'none'])
    expect(early.startSpan('any')).toBe('theirs')
    expect(logs.getLoggerProvider()).not.toBe(loggerProvider)
    expect(accessors()).toEqual([])
    await turn()
    expect(reported).toEqual(['taken over by late-sdk'])
  })

  it('keeps what an SDK has registered before its tracers, and what it registers after them', async () => {
    const copy = await install(version, format)
    const { reported } = registerOurs(copy)
    const theirs = partsOf('theirs')
    for (const name of ['context', 'propagation', 'trace', 'metrics'] as const)
      expect(copy.register(name, theirs[name])).toBe(true)
    expect(owners(copy)).toEqual(['theirs', 'theirs', 'theirs', 'theirs'])
    // a third SDK is refused by the API itself, and is no business of ours
    for (const name of names) expect(copy.register(name, partsOf('third')[name])).toBe(false)
    expect(owners(copy)).toEqual(['theirs', 'theirs', 'theirs', 'theirs'])
    expect(accessors()).toEqual([])
    await turn()
    expect(reported).toEqual(['taken over by late-sdk'])
  })

  it('registers an SDK after trace.disable(), too', async () => {
    const copy = await install(version, format)
    const { reported } = registerOurs(copy)
    copy.api.trace.disable()
    expect(owners(copy)).toEqual(['none', 'ours', 'ours', 'ours'])
    expect(copy.register('trace', partsOf('theirs').trace)).toBe(true)
    expect(owners(copy)).toEqual(['theirs', 'none', 'none', 'none'])
    await turn()
    expect(reported).toEqual(['taken over by late-sdk'])
  })

  it('refuses an SDK by name where ours does not stand down', async () => {
    const copy = await install(version, format)
    const { reported } = registerOurs(copy, false)
    const theirs = partsOf('theirs')
    for (const name of names) expect(copy.register(name, theirs[name])).toBe(false)
    expect(owners(copy)).toEqual(['ours', 'ours', 'ours', 'ours'])
    expect(accessors()).toEqual([])
    await turn()
    expect(reported).toEqual(names.map(name => `${name} of late-sdk refused`))
  })

  it('gets a logger for its own diagnostics, which takes nothing from us', async () => {
    const copy = await install(version, format)
    const { reported } = registerOurs(copy)
    const errors: string[] = []
    const none = () => {}
    const logger = { error: (text: string) => errors.push(text), warn: none, info: none, debug: none, verbose: none }
    expect(copy.api.diag.setLogger(logger, { suppressOverrideMessage: true })).toBe(true)
    copy.api.diag.error('seen')
    expect(errors).toEqual(['seen'])
    expect(owners(copy)).toEqual(['ours', 'ours', 'ours', 'ours'])
    expect(accessors()).toEqual([])
    expect(reported).toEqual([])
  })

  it('answers as it would without our object, for 120 random steps, where ours does not stand down', async () => {
    for (let seed = 1; seed <= 3; seed++) {
      const random = new Random(seed)
      const steps = Array.from({ length: 40 }, () => ({
        name: random.pick(names),
        what: random.chance(0.5) ? 'register' : 'disable',
      }))
      const run = (copy: Copy) =>
        steps.map(({ name, what }, at) => {
          const answer =
            what === 'register' ? copy.register(name, partsOf(`step ${at}`)[name]) : copy.api[name].disable()
          return [what, name, answer, ...owners(copy)]
        })
      // the same providers in the API's own object
      const plain = await install(version, format)
      const ours = partsOf('ours')
      for (const name of names) expect(plain.register(name, ours[name])).toBe(true)
      const expected = run(plain)
      Reflect.deleteProperty(globalThis, key)

      const copy = await install(version, format)
      registerOurs(copy, false)
      expect(run(copy)).toEqual(expected)
      Reflect.deleteProperty(globalThis, key)
    }
  })
})

describe('two copies of the API', () => {
  it.each<[Version, Version]>([
    ['1.9.1', '1.10.0'],
    ['1.10.0', '1.9.1'],
  ])('%s registers an SDK, and %s finds it', async (first, second) => {
    const [one, other] = [await install(first), await install(second)]
    const { reported } = registerOurs(one)
    expect([owners(one), owners(other)]).toEqual(Array(2).fill(['ours', 'ours', 'ours', 'ours']))
    const early = other.api.trace.getTracer('early')
    expect(one.register('trace', partsOf('theirs').trace)).toBe(true)
    expect([owners(one), owners(other)]).toEqual(Array(2).fill(['theirs', 'none', 'none', 'none']))
    expect(early.startSpan('any')).toBe('theirs')
    await turn()
    expect(reported).toEqual(['taken over by late-sdk'])
  })

  it.each<[Version, Version]>([
    ['1.9.1', '1.10.0'],
    ['1.10.0', '1.9.1'],
  ])('an SDK that registers through both, %s first, has both', async (first, second) => {
    const [one, other] = [await install(first), await install(second)]
    const { reported } = registerOurs(one)
    const theirs = partsOf('theirs')
    expect(one.register('context', theirs.context)).toBe(true)
    expect(other.register('trace', theirs.trace)).toBe(true)
    expect(one.register('metrics', theirs.metrics)).toBe(true)
    expect([owners(one), owners(other)]).toEqual(Array(2).fill(['theirs', 'theirs', 'theirs', 'none']))
    await turn()
    expect(reported).toEqual(['taken over by late-sdk'])
  })
})

describe.each<Format>(['CommonJS', 'an ES module', 'a bundle'])('loggers of the API 1.10.0 as %s', format => {
  const provider = () => ({ getLogger: () => ({ emit() {}, enabled: () => true }) })

  it('are ours, in the global of before 1.10 as well, until an SDK registers its tracers', async () => {
    const copy = await install('1.10.0', format)
    const { loggerProvider } = registerOurs(copy)
    expect(copy.api.logs.getLoggerProvider()).toBe(loggerProvider)
    expect(logs.getLoggerProvider()).toBe(loggerProvider)
    expect(copy.register('trace', partsOf('theirs').trace)).toBe(true)
    expect(copy.api.logs.getLoggerProvider()).not.toBe(loggerProvider)
    const theirs = provider()
    expect(copy.api.logs.setGlobalLoggerProvider(theirs)).toBe(true)
    expect(copy.api.logs.getLoggerProvider()).toBe(theirs)
    expect(accessors()).toEqual([])
  })

  it('stay those of who came first, in each of the two globals', async () => {
    const copy = await install('1.10.0', format)
    const [first, older] = [provider(), provider()]
    expect(copy.api.logs.setGlobalLoggerProvider(first)).toBe(true)
    expect(logs.setGlobalLoggerProvider(older)).toBe(older)
    registerOurs(copy)
    expect(copy.api.logs.getLoggerProvider()).toBe(first)
    expect(logs.getLoggerProvider()).toBe(older)
  })
})

it('what was registered before ours is seen, and its logger of diagnostics stays', async () => {
  const copy = await install('1.10.0')
  expect(alreadyRegistered()).toBe(false)
  const errors: string[] = []
  const none = () => {}
  const logger = { error: (text: string) => errors.push(text), warn: none, info: none, debug: none, verbose: none }
  copy.api.diag.setLogger(logger, { suppressOverrideMessage: true })
  expect(copy.register('metrics', partsOf('first').metrics)).toBe(true)
  expect(alreadyRegistered()).toBe(false)
  expect(copy.register('trace', partsOf('first').trace)).toBe(true)
  expect(alreadyRegistered()).toBe(true)
  registerOurs(copy)
  const late = await install('1.10.0')
  expect(owners(late)).toEqual(['ours', 'ours', 'ours', 'ours'])
  late.api.diag.error('seen')
  expect(errors).toEqual(['seen'])
})

it('an object that somebody puts in the place of the whole is left to him', async () => {
  const copy = await install('1.9.1')
  registerOurs(copy)
  Reflect.set(globalThis, key, { version: '1.9.1' })
  expect(owners(copy)).toEqual(['none', 'none', 'none', 'none'])
  expect(copy.register('trace', partsOf('theirs').trace)).toBe(true)
  expect(owners(copy)).toEqual(['theirs', 'none', 'none', 'none'])
})
