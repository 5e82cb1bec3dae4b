// `./sdk` in an app: what it starts it takes back, what it can't use it says, and without its peer the app runs on.
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { generations, sdkModules } from '../support/sdk-generations'

const quiet = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
const head = `
  const { trace, metrics, propagation, context, ROOT_CONTEXT } = require('@opentelemetry/api')
  const { afnNodeSDK } = require('@afn/otel/sdk')
  const { flush, status, setUser, withAgent } = require('@afn/otel/api')
  const work = name => withAgent(name, () => { setUser('u-' + name); trace.getTracer('t').startSpan('in ' + name).end() })`

describe.each(generations)('beside sdk-node %s', generation => {
  const modules = sdkModules(generation)

  describe('afnNodeSDK() that was shut down and started again', () => {
    it.each([
      ['one after the other', 'const one = afnNodeSDK(), two = afnNodeSDK()'],
      ['the same one', 'const one = afnNodeSDK(), two = one'],
    ])('%s: spans, setUser(), flush() and status() are those of the one that runs', async (_, sdks) => {
      const receiver = await startReceiver()
      const app = `${head}
      ;(async () => {
        ${sdks}
        one.start(); work('first'); await one.shutdown()
        console.log(status().state)
        work('between')
        two.start(); work('second'); await flush()
        console.log(status().state, status().exported.spans)
        await two.shutdown()
        console.log(status().state)
      })()`
      const folder = makeApp({ files: { 'app.cjs': app }, modules })
      const result = await run(folder, ['app.cjs'], { env: { ...quiet, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })
      expect(result).toEqual({ code: 0, signal: null, stdout: 'stopped\nstarted 2\nstopped\n', stderr: '' })
      const spans = receiver.spans().map(({ name, attributes }) => [name, attributes['user.id']])
      expect(spans.sort()).toEqual([
        ['in first', 'u-first'],
        ['in second', 'u-second'],
        ['invoke_agent first', 'u-first'],
        ['invoke_agent second', 'u-second'],
      ])
      await receiver.close()
    })

    it('under the preload: the preload stands down for it, and nothing is recorded twice', async () => {
      const receiver = await startReceiver()
      const app = `${head}
      ;(async () => {
        for (const name of ['first', 'second']) {
          const sdk = afnNodeSDK(); sdk.start(); work(name); await flush()
          console.log(status().state)
          await sdk.shutdown()
        }
        console.log(status().state)
      })()`
      const folder = makeApp({ files: { 'app.cjs': app }, modules })
      const { stdout, stderr } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
        env: { ...quiet, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, AFN_SHUTDOWN_TIMEOUT: '' },
      })
      expect(stdout).toBe('started\nstarted\nstopped\n')
      expect(stderr).toMatch(/^\[@afn\/otel\] AFN103 stood down for @opentelemetry\/sdk-node; [^\n]*\n$/)
      const names = receiver.spans().map(({ name }) => name)
      expect(names.sort()).toEqual(['in first', 'in second', 'invoke_agent first', 'invoke_agent second'])
      await receiver.close()
    })

    it('under the preload: log records and metrics arrive as spans do, also of who got tracer and logger before', async () => {
      const receiver = await startReceiver()
      const app = `${head}
      const { logs } = require('@opentelemetry/api-logs')
      const [early, tracer] = [logs.getLogger('early'), trace.getTracer('early')]
      early.emit({ body: 'before' })
      const sdk = afnNodeSDK(); sdk.start()
      for (const logger of [early, logs.getLogger('late')]) logger.emit({ body: 'after' })
      for (const one of [tracer, trace.getTracer('late')]) one.startSpan('after').end()
      metrics.getMeter('late').createCounter('counted').add(3)
      sdk.shutdown().then(() => console.log(JSON.stringify(status().exported)))`
      const folder = makeApp({ files: { 'app.cjs': app }, modules })
      const { code, stdout } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
      })
      await receiver.close()
      expect(code).toBe(0)
      expect(receiver.spans().map(({ name, scope }) => [name, scope])).toEqual([
        ['after', 'early'],
        ['after', 'late'],
      ])
      const logged = receiver.logs().map(({ body, scope }) => `${body} ${scope}`)
      expect(logged.sort()).toEqual(['after early', 'after late', 'before early'])
      expect(receiver.points('counted')).toMatchObject([{ value: 3 }])
      // what it says is what came; the first record went by the preload
      expect(JSON.parse(stdout)).toMatchObject({ spans: 2, logs: 2 })
    })

    it.each([
      ['the preload', ['--require', './theirs.cjs', '--require', '@afn/otel'], ''],
      ['afnNodeSDK()', ['--require', './theirs.cjs'], 'sdk.start()'],
    ])(
      "%s says once that log records go elsewhere, where somebody's own logger provider was first",
      async (_, args, start) => {
        const receiver = await startReceiver()
        const theirs = `
      const { logs } = require('@opentelemetry/api-logs')
      logs.setGlobalLoggerProvider({ getLogger: () => ({ emit: ({ body }) => console.log('theirs', body), enabled: () => true }) })`
        const app = `${head}
      const { logs } = require('@opentelemetry/api-logs')
      const sdk = afnNodeSDK(); ${start}
      logs.getLogger('late').emit({ body: 'one' })
      trace.getTracer('t').startSpan('span').end()
      sdk.shutdown()`
        const folder = makeApp({ files: { 'app.cjs': app, 'theirs.cjs': theirs }, modules })
        const result = await run(folder, [...args, 'app.cjs'], {
          env: {
            OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
            OTEL_METRICS_EXPORTER: 'none',
            AFN_SHUTDOWN_TIMEOUT: '',
          },
        })
        await receiver.close()
        expect(result).toMatchObject({ code: 0, stdout: 'theirs one\n' })
        expect(result.stderr).toMatch(/^\[@afn\/otel\] AFN106 [^\n]*\n$/)
        expect(receiver.spans().map(({ name }) => name)).toEqual(['span'])
      },
    )

    it('stands down for an SDK that has registered before, and says so', async () => {
      const app = `${head}
      const { NodeSDK } = require('@opentelemetry/sdk-node')
      new NodeSDK({ spanProcessors: [{ onStart() {}, onEnd: span => console.log(span.name), async forceFlush() {}, async shutdown() {} }] }).start()
      const sdk = afnNodeSDK(); sdk.start(); trace.getTracer('t').startSpan('theirs').end()
      console.log(status().state); sdk.shutdown()`
      const folder = makeApp({ files: { 'app.cjs': app }, modules })
      const { stdout, stderr } = await run(folder, ['app.cjs'], { env: quiet })
      expect(stdout).toBe('theirs\nstood-down\n')
      expect(stderr).toMatch(/^\[@afn\/otel\] AFN103 .*\n$/)
    })
  })

  describe('afnNodeSDK() without its peer dependency', () => {
    const { '@opentelemetry/sdk-node': _, ...lacking } = modules
    it.each([
      ['CommonJS', 'app.cjs', `const { afnNodeSDK } = require('@afn/otel/sdk')`],
      ['ES modules', 'app.mjs', `import { afnNodeSDK } from '@afn/otel/sdk'`],
    ])('lets the app run, and one line says what to install, %s', async (_, file, imported) => {
      const app = `${imported}
      const sdk = afnNodeSDK({ settings: { serviceName: 'x' } })
      sdk.start(); afnNodeSDK().start()
      sdk.shutdown().then(() => console.log('the app ran'))`
      const { code, stdout, stderr } = await run(makeApp({ files: { [file]: app }, modules: lacking }), [file])
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'the app ran\n' })
      expect(stderr).toMatch(/^\[@afn\/otel\] AFN105 [^\n]*npm install @opentelemetry\/sdk-node@0\.301\.0\n$/)
    })

    it('prints nothing where it is only imported', async () => {
      const folder = makeApp({ files: { 'app.cjs': `require('@afn/otel/sdk'); console.log('ran')` }, modules: lacking })
      expect(await run(folder, ['app.cjs'])).toMatchObject({ code: 0, stdout: 'ran\n', stderr: '' })
    })
  })

  describe("an option of afnNodeSDK() that can't be used", () => {
    const said = async (options: string, env: Record<string, string> = {}) => {
      const app = `${head}
      const sdk = afnNodeSDK(${options}); sdk.start(); trace.getTracer('t').startSpan('s').end()
      sdk.shutdown().then(() => console.log('ran'))`
      const receiver = await startReceiver()
      const folder = makeApp({ files: { 'app.cjs': app }, modules })
      const result = await run(folder, ['app.cjs'], {
        env: { ...quiet, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env },
      })
      await receiver.close()
      expect(result).toMatchObject({ code: 0, stdout: 'ran\n' })
      return { lines: result.stderr.split('\n').filter(Boolean), spans: receiver.spans().length }
    }

    it.each([
      ['no such option', `{ spanExporters: [] }`, /AFN113 spanExporters/],
      ['no metric reader', `{ metricReaders: [{}] }`, /AFN113 metricReaders: setMetricProducer\(\)/],
      ['no resource', `{ resource: { attributes: { a: 1 } } }`, /AFN113 resource: getRawAttributes\(\)/],
      ['no sampler', `{ sampler: 'always_on' }`, /AFN113 sampler: shouldSample\(\)/],
      [
        'a setting of the preload',
        `{ settings: { disabledInstrumentations: ['http'] } }`,
        /AFN113 disabledInstrumentations/,
      ],
    ])('is left out and reported, and the rest runs: %s', async (_, options, line) => {
      const { lines, spans } = await said(options)
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatch(line)
      expect(spans).toBe(1)
    })

    it('is reported on its own where there are several', async () => {
      const wrong = {
        OTEL_TRACES_SAMPLER: 'sometimes',
        OTEL_BSP_SCHEDULE_DELAY: 'soon',
        OTEL_SPAN_LINK_COUNT_LIMIT: 'many',
      }
      const { lines } = await said('{}', wrong)
      expect(lines.map(line => /AFN110 (\w+)/.exec(line)?.[1]).sort()).toEqual(Object.keys(wrong).sort())
    })

    it('a processor that throws does not reach the app, and the others get the span', async () => {
      const bad =
        '{ onStart() { throw new Error("boom") }, onEnd() { throw new Error("boom") }, async forceFlush() {}, async shutdown() {} }'
      const app = `${head}
      const good = { onStart() {}, onEnd: span => console.log(span.name), async forceFlush() {}, async shutdown() {} }
      const sdk = afnNodeSDK({ spanProcessors: [${bad}, good] }); sdk.start()
      trace.getTracer('t').startSpan('kept').end(); sdk.shutdown()`
      const { stdout, stderr, code } = await run(makeApp({ files: { 'app.cjs': app }, modules }), ['app.cjs'], {
        env: quiet,
      })
      expect({ stdout, code }).toEqual({ stdout: 'kept\n', code: 0 })
      expect(stderr).toMatch(/^\[@afn\/otel\] AFN164 .*boom.*\n$/)
    })

    it.each(['forceFlush', 'shutdown'])(
      'whose %s() fails keeps no other from its shutdown, as with NodeSDK',
      async method => {
        const ends = async (make: string) => {
          const app = `
        const make = ${make}
        const named = name => ({
          onStart() {}, onEnd() {}, onEmit() {}, enabled: () => true,
          async forceFlush() {}, async shutdown() { console.log(name, 'is shut down') },
        })
        const bad = { ...named('bad'), async ${method}() { throw new Error('away') } }
        const sdk = make({
          spanProcessors: [bad, named('span')], logRecordProcessors: [bad, named('log')], metricReaders: [], instrumentations: [],
        })
        sdk.start()
        sdk.shutdown().then(() => console.log('done'), error => console.log('failed:', error.message))`
          const { stdout, stderr } = await run(makeApp({ files: { 'app.cjs': app }, modules }), ['app.cjs'], {
            env: quiet,
          })
          return { lines: stdout.trim().split('\n').sort(), stderr }
        }
        const upstream = await ends(`options => new (require('@opentelemetry/sdk-node').NodeSDK)(options)`)
        const ours = await ends(`require('@afn/otel/sdk').afnNodeSDK`)
        expect(ours.lines).toEqual(upstream.lines)
        expect(ours.lines).toEqual(expect.arrayContaining(['log is shut down', 'span is shut down']))
        expect(ours.stderr).toMatch(/AFN164 a span processor of the app failed \(away\)/)
      },
    )
  })
})
