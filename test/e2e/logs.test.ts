// The log files of an app with the packed tarball: its own pino, kill -9, and the preload beside them. Each line has a number; what
// the process printed on stdout is what the logger reported as written.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const modules = { pino: 'pino', winston: 'winston', '@opentelemetry/api': '@opentelemetry/api' }

/** Writes before it returns, also where the pipe is full. */
const say = `const say = text => {
  for (;;) try { return require('node:fs').writeSync(1, text + '\\n') } catch {}
}`

/** Whole lines, or this throws. */
function linesOf(folder: string, logClass = ''): Record<string, unknown>[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.startsWith(logClass) && entry.name.endsWith('.log'))
    .flatMap(({ name }) => readFileSync(path.join(folder, name), 'utf8').split('\n'))
    .filter(text => text !== '')
    .map(text => JSON.parse(text))
}

describe('createLogger()', () => {
  it('writes what each class is for into its file, redacted, wherever the value comes from', async () => {
    const app = `const { createLogger } = require('@afn/otel/logs')
      const logger = createLogger({ level: 'debug', options: { name: 'shop', mixin: () => ({ mixed: 'mixed@example.com' }), serializers: { user: user => user.mail } } })
      logger.debug('d@example.com')
      logger.info({ user: { mail: 'serialized@example.com' }, deep: [{ a: 'deep@example.com' }], password: 'hunter2hunter2', toString: 'x' }, 'call %s', 'format@example.com')
      logger.child({ bound: 'bound@example.com' }).child({ bound: 'twice' }).warn('w')
      const child = logger.child({ of: 'child@example.com' }, { serializers: { user: () => 'by the child' }, customLevels: { loud: 35 } })
      child.loud({ user: 1 }, 'l'); logger.child({}).trace('not written'); child.setBindings({ later: 'later@example.com' }); child.debug('d2')
      logger.error(new Error('error@example.com'))
      logger.info({ 'afn.audit': true }, 'by audit@example.com')
      createLogger({ level: 'debug' }).info({ get broken() { throw new Error('broken') } }, 'getter@example.com')
      logger.fatal('f')`
    const folder = makeApp({ files: { 'app.cjs': app }, modules })
    const { code, stderr } = await run(folder, ['app.cjs'])
    expect([code, stderr.match(/AFN\d+/g)]).toEqual([0, ['AFN195']])
    const logs = path.join(folder, 'logs')
    const text = readdirSync(logs, { withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(({ name }) => readFileSync(path.join(logs, name), 'utf8'))
      .join('')
    expect(text).not.toMatch(/@example\.com|hunter2/)
    expect(linesOf(logs, 'debug')).toMatchObject([
      { level: 'debug', name: 'shop', msg: '[EMAIL]', mixed: '[EMAIL]' },
      { msg: 'd2', of: '[EMAIL]', later: '[EMAIL]' },
    ])
    expect(linesOf(logs, 'info')).toMatchObject([
      { user: '[EMAIL]', deep: [{ a: '[EMAIL]' }], msg: 'call [EMAIL]' },
      { bound: 'twice', msg: 'w' },
      { level: 'loud', of: '[EMAIL]', user: 'by the child', msg: 'l' },
      { msg: '[REDACTION_FAILED]' },
    ])
    // a serializer that has the name of a method of all objects is none
    expect(text).toContain('"toString":"x"')
    expect(linesOf(logs, 'warn')).toHaveLength(1)
    expect(linesOf(logs, 'error').map(({ level, msg }) => [level, msg])).toEqual([
      ['error', '[EMAIL]'],
      ['fatal', 'f'],
    ])
    expect(linesOf(logs, 'audit')).toMatchObject([{ msg: 'by [EMAIL]' }])
    expect(linesOf(logs).every(({ time }) => /^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/.test(time as string))).toBe(true)
  })

  it('kill -9 loses no line that was written', async () => {
    const app = `const logger = require('@afn/otel/logs').createLogger()
      ${say}
      for (let n = 0; ; n++) { logger.info({ n }, 'a line'); if (n % 100 === 0) say(n === 1000 ? 'ready' : n) }`
    const folder = makeApp({ files: { 'app.cjs': app }, modules })
    const { stdout, signal } = await run(folder, ['app.cjs'], {
      onReady: child => new Promise(resolve => setTimeout(resolve, 200)).then(() => child.kill('SIGKILL')),
    })
    expect(signal).toBe('SIGKILL')
    const acknowledged = Number(stdout.trim().split('\n').at(-1))
    const numbers = linesOf(path.join(folder, 'logs')).map(({ n }) => n as number)
    expect(numbers.length).toBeGreaterThan(acknowledged)
    expect(numbers).toEqual(Array.from(numbers, (_, n) => n))
  })

  it('with the preload each line has the ids of its span once, and is one log record', async () => {
    const receiver = await startReceiver()
    const app = `const { trace } = require('@opentelemetry/api')
      const logger = require('@afn/otel/logs').createLogger({ options: { hooks: { streamWrite: line => line } } })
      trace.getTracer('t').startActiveSpan('s', span => { logger.child({ c: 1 }).info('inside of ada@example.com'); span.end() })
      logger.error('outside')`
    const folder = makeApp({ files: { 'app.cjs': app }, modules })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    expect(await run(folder, ['--require', '{otel}', 'app.cjs'], { env })).toMatchObject({ code: 0, stderr: '' })
    const files = readdirSync(path.join(folder, 'logs')).filter(name => name.startsWith('info-'))
    const text = readFileSync(path.join(folder, 'logs', files[0] as string), 'utf8')
    const [line] = linesOf(path.join(folder, 'logs'), 'info')
    expect(text.match(/"trace_id"/g)).toHaveLength(1)
    const records = receiver.logs()
    expect(records.map(({ body, severityText }) => [body, severityText])).toEqual([
      ['inside of [EMAIL]', 'info'],
      ['outside', 'error'],
    ])
    expect(records[0]?.attributes).toEqual({ c: 1 })
    expect(records[0]).toMatchObject({ traceId: line?.trace_id, spanId: line?.span_id })
    await receiver.close()
  })

  it('obeys AFN_LOG_DIR and LOG_LEVEL, and the code before them', async () => {
    const app = `const { createLogger } = require('@afn/otel/logs')
      for (const logger of [createLogger(), createLogger({ folder: 'own', level: 'error' })]) { logger.info('i'); logger.warn('w'); logger.error('e') }`
    const folder = makeApp({ files: { 'app.cjs': app }, modules })
    await run(folder, ['app.cjs'], { env: { AFN_LOG_DIR: 'var/log/shop', LOG_LEVEL: 'warn' } })
    const read = (place: string) => linesOf(path.join(folder, place)).map(({ msg }) => msg)
    expect([read('var/log/shop').sort(), read('own')]).toEqual([['e', 'w', 'w'], ['e']])
  })

  it('takes a changed file of settings while it runs, and keeps the old one where the new one has a mistake', async () => {
    const app = `const { writeFileSync } = require('node:fs')
      const logger = require('@afn/otel/logs').createLogger()
      const child = logger.child({})
      const until = async level => { while (logger.level !== level) await new Promise(resolve => setTimeout(resolve, 50)) }
      const log = () => { child.debug('d'); child.info('i') }
      async function main() {
        log()
        writeFileSync('logging.json', '{"folder": "later", "level": "debug"}')
        await until('debug')
        log()
        writeFileSync('logging.json', '{"level": "warning",\\n"size": 1}')
        await new Promise(resolve => setTimeout(resolve, 5000))
        log()
      }
      main()`
    const folder = makeApp({ files: { 'app.cjs': app, 'logging.json': '{"level": "info"}' }, modules })
    const { code, stderr } = await run(folder, ['app.cjs'], { env: { AFN_LOG_CONFIG: 'logging.json' } })
    expect(code).toBe(0)
    expect(stderr.match(/AFN\d+ .*?logging\.json:\d+:\d+/g)?.map(said => said.split('logging.json')[1])).toEqual([
      ':1:11',
      ':2:9',
    ])
    const read = (place: string) =>
      linesOf(path.join(folder, place))
        .map(({ msg }) => msg)
        .sort()
    expect([read('logs'), read('later')]).toEqual([['i'], ['d', 'd', 'i', 'i']])
  })

  it("reports a folder that can't be used in one line on stderr, and the app goes on", async () => {
    const app = `const logger = require('@afn/otel/logs').createLogger()
      for (let n = 0; n < 1000; n++) logger.info({ n }, 'a line')
      console.log('done')`
    const folder = makeApp({ files: { 'app.cjs': app, logs: '' }, modules })
    const { code, stdout, stderr } = await run(folder, ['app.cjs'])
    expect([code, stdout, stderr.match(/AFN\d+/g)]).toEqual([0, 'done\n', ['AFN191']])
  })

  it('counts what is lost where memory has no room for it, and a short run sweeps too', async () => {
    const receiver = await startReceiver()
    const app = `const logger = require('@afn/otel/logs').createLogger({ folder: 'blocked' })
      const text = 'x'.repeat(100000)
      for (let n = 0; n < 1000; n++) logger.info(text)
      require('@afn/otel/logs').createLogger({ folder: 'swept' }).info('i')`
    const files = { 'app.cjs': app, blocked: '', 'swept/debug-2020-01-01-1.log': '{}\n', 'swept/notes.log': '' }
    const folder = makeApp({ files, modules })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_LOGS_EXPORTER: 'none' }
    const { code, stderr } = await run(folder, ['--require', '{otel}', 'app.cjs'], { env })
    expect([code, stderr.match(/AFN\d+/g)]).toEqual([0, ['AFN191']])
    const point = receiver.points('afn.logs.dropped')[0]
    expect(point?.attributes).toEqual({ 'afn.logs.class': 'info', 'afn.logs.drop_reason': 'unwritable' })
    // 100 MB, of which 64 MiB wait
    expect(point?.value).toBeGreaterThan(300)
    expect(point?.value).toBeLessThan(500)
    expect(readdirSync(path.join(folder, 'swept')).filter(name => /debug|notes/.test(name))).toEqual(['notes.log'])
    await receiver.close()
  })

  it('without pino says what to install', async () => {
    const app = `try { require('@afn/otel/logs').createLogger() } catch (error) { console.log(error.message) }`
    const folder = makeApp({ files: { 'app.cjs': app }, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
    const { stdout, stderr } = await run(folder, ['app.cjs'])
    expect(stdout).toContain('npm install pino')
    expect(stderr).toContain('AFN193')
    expect(existsSync(path.join(folder, 'logs'))).toBe(false)
  })
})

describe('the other loggers', () => {
  it("winston's lines are in the same files, redacted, with the ids of the span, and none is lost by kill -9", async () => {
    const receiver = await startReceiver()
    const app = `const { trace } = require('@opentelemetry/api')
      const { createLogger, format, config } = require('winston')
      const { winstonTransport } = require('@afn/otel/logs')
      const logger = createLogger({ level: 'silly', levels: { ...config.npm.levels, crit: 0 }, format: format.errors({ stack: true }), transports: [winstonTransport({ level: 'debug' })] })
      const circle = { mail: 'circle@example.com' }; circle.circle = circle
      trace.getTracer('t').startActiveSpan('s', span => { logger.info('by winston@example.com', { circle, big: 1n, error: new Error('error@example.com') }); span.end() })
      logger.crit('c'); logger.warn('w'); logger.verbose('v'); logger.info('audited', { 'afn.audit': true })
      ${say}
      for (let n = 0; n < 3000; n++) { logger.info('a line', { n }); if (n % 50 === 49) say(n) }
      require('@afn/otel/api').flush(3000).then(() => process.kill(process.pid, 'SIGKILL'))`
    const folder = makeApp({ files: { 'app.cjs': app }, modules })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    const { stdout, signal } = await run(folder, ['--require', '{otel}', 'app.cjs'], { env })
    expect(signal).toBe('SIGKILL')
    const logs = path.join(folder, 'logs')
    const all = linesOf(logs)
    expect(Number(stdout.trim().split('\n').at(-1))).toBe(2_999)
    expect(all.flatMap(({ n }) => (n === undefined ? [] : n))).toEqual(Array.from({ length: 3_000 }, (_, n) => n))
    const [first] = linesOf(logs, 'info')
    expect(first).toMatchObject({
      level: 'info',
      msg: 'by [EMAIL]',
      circle: { mail: '[EMAIL]', circle: '[Circular]' },
      big: '1',
      error: { message: '[EMAIL]' },
      trace_id: expect.stringMatching(/^[\da-f]{32}$/),
    })
    expect(linesOf(logs, 'error')).toMatchObject([{ level: 'error', msg: 'c' }])
    expect(linesOf(logs, 'debug')).toMatchObject([{ level: 'debug', msg: 'v' }])
    expect(linesOf(logs, 'warn')).toMatchObject([{ msg: 'w' }])
    expect(linesOf(logs, 'audit')).toMatchObject([{ msg: 'audited' }])
    // one record of each line, by winston's instrumentation
    const records = receiver.logs()
    expect(records.filter(({ body }) => body === 'by [EMAIL]')).toHaveLength(1)
    expect(records[0]).toMatchObject({ traceId: first?.trace_id })
    await receiver.close()
  })

  it('what the console prints is printed as before, and is a line and one log record', async () => {
    const receiver = await startReceiver()
    const app = `const logger = require('@afn/otel/logs').setupObservabilityLogging({ console: true })
      require('@afn/otel/logs').setupObservabilityLogging({ console: true })
      console.log('log of %s', 'ada@example.com', { a: 1 }); console.error(new Error('e')); console.debug('d'); console.warn('w')
      logger.info('by pino')`
    const folder = makeApp({ files: { 'app.cjs': app }, modules })
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    const { code, stdout, stderr } = await run(folder, ['--require', '{otel}', 'app.cjs'], { env })
    expect([code, stdout]).toEqual([0, 'log of ada@example.com { a: 1 }\nd\n'])
    expect(stderr).toMatch(/^Error: e\n {4}at [\s\S]*\nw\n$/)
    const logs = path.join(folder, 'logs')
    expect(linesOf(logs, 'info').map(({ msg }) => msg)).toEqual(['log of [EMAIL] { a: 1 }', 'w', 'by pino'])
    expect(linesOf(logs, 'error').map(({ msg }) => (msg as string).split('\n', 1)[0])).toEqual(['Error: e'])
    const bodies = receiver.logs().map(({ body, severityText }) => [severityText, (body as string).split('\n', 1)[0]])
    expect(bodies).toEqual([
      ['info', 'log of [EMAIL] { a: 1 }'],
      ['error', 'Error: e'],
      ['warn', 'w'],
      ['info', 'by pino'],
    ])
    await receiver.close()
  })
})
