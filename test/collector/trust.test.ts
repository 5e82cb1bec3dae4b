// Spans that say that they were redacted: believed where a token is required, and nowhere else.
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { RULE_SET } from '../../src/app/sdk/rule-set'
import { at, attributeOf, leak, outcomeIn, request, text } from './marks'
import {
  describeCollector,
  everyConfiguration,
  linesOf,
  type Running,
  scratchFolder,
  startCollector,
  until,
} from './support'

const current = 'c'.repeat(32)
const sampled = `${'c'.repeat(30)}00`

describeCollector.each(everyConfiguration)('the mark of redacted spans, $name', ({ args }) => {
  const folder = scratchFolder()
  const files = path.join(folder, 'files')
  let collector: Running
  let token: string

  beforeAll(async () => {
    collector = await startCollector(folder, [...args, '--files', files], { AFN_SPANMETRICS_FLUSH: '1s' })
    token = readFileSync(path.join(folder, 'cache/ingest.token'), 'utf8')
    expect(await collector.send('traces', request('forged', current, RULE_SET))).toBe(200)
    const sent = [
      request('believed', current, RULE_SET),
      request('in the sample', sampled, RULE_SET),
      request('of other rules', current, '000000000000'),
      request('unmarked', current),
    ]
    for (const body of sent) expect(await collector.send('traces', body, token)).toBe(200)
    const log = { timeUnixNano: at, severityNumber: 9, body: { stringValue: `log of ${leak}` } }
    const resource = {
      attributes: [
        text('service.name', 'logs'),
        text('afn.redaction.rules', RULE_SET),
        text('deployment.environment', 'staging'),
      ],
    }
    const logs = { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [log] }] }] }
    expect(await collector.send('logs', logs, token)).toBe(200)
    await until('all spans', () => linesOf(files, 'detailed').length >= 5)
    await until('the log', () => linesOf(files, 'logs').length >= 1)
    await until('the LLM leg', () => linesOf(files, 'llm').length >= 2)
    await collector.stop()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const outcome = (service: string) => outcomeIn(files, service)

  it('is believed with the token: such a span is not redacted again', () => {
    expect(outcome('believed')).toEqual({ isLeaked: true, rules: RULE_SET })
  })

  it('counts for nothing on the open listener, and does not stay', () => {
    expect(outcome('forged')).toEqual({ isLeaked: false, rules: undefined })
  })

  it('an environment that is said by its old name is not found by that of today', () => {
    const resources = ['detailed', 'logs'].flatMap(leg =>
      linesOf(files, leg as 'detailed').flatMap(
        line => JSON.parse(line).resourceSpans ?? JSON.parse(line).resourceLogs,
      ),
    )
    const environmentOf = (service: string) =>
      resources
        .filter(({ resource }) => attributeOf(resource.attributes, 'service.name') === service)
        .map(({ resource }) => attributeOf(resource.attributes, 'deployment.environment.name'))
    expect([environmentOf('forged'), environmentOf('logs')]).toEqual([['staging'], ['staging']])
  })

  it('counts for nothing when it is of other rules', () => {
    expect(outcome('of other rules')).toEqual({ isLeaked: false, rules: '000000000000' })
    expect(outcome('unmarked')).toEqual({ isLeaked: false, rules: undefined })
  })

  it('spares a sample nothing, in which leaks are counted', () => {
    expect(outcome('in the sample')).toEqual({ isLeaked: false, rules: RULE_SET })
    const leaks = linesOf(files, 'metrics-leaks').flatMap(line => JSON.parse(line).resourceMetrics ?? [])
    const services = leaks.map(({ resource }) => attributeOf(resource.attributes, 'service.name'))
    expect(services.sort()).toEqual(['forged', 'in the sample', 'logs', 'of other rules', 'unmarked'])
  })

  it.each(['forged', 'believed', 'in the sample', 'of other rules', 'unmarked'])(
    '%s: the LLM leg gets the same',
    service => {
      expect(outcomeIn(files, service, 'llm')).toEqual(outcome(service))
      expect(linesOf(files, 'llm').join()).toContain(`"parentSpanId":"${'d'.repeat(16)}"`)
    },
  )

  it.each(['forged', 'believed', 'in the sample', 'of other rules', 'unmarked'])(
    '%s: is looked at for quality once',
    service => {
      const counts = linesOf(files, 'metrics-data-quality')
        .flatMap(line => JSON.parse(line).resourceMetrics ?? [])
        .filter(({ resource }) => attributeOf(resource.attributes, 'service.name') === service)
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope: { metrics: object[] }) => scope.metrics))
        .flatMap(({ sum }) => sum.dataPoints)
        .map(({ attributes, asInt }) => `${attributeOf(attributes, 'rule')} ${asInt}`)
      expect(counts.sort()).toEqual(['clock_skew 1', 'no_model 1', 'no_usage 1'])
    },
  )

  it('says nothing about logs', () => {
    const logs = linesOf(files, 'logs').join()
    expect(logs).toContain('log of ')
    expect(logs).not.toContain(leak)
    expect(logs).not.toContain(RULE_SET)
  })
})

describeCollector('the listener that asks for a token', () => {
  it.each([[''], ['wrong']])('refuses %j with 401', async token => {
    const folder = scratchFolder()
    const collector = await startCollector(folder, ['--files', path.join(folder, 'files')])
    onTestFinished(async () => void (await collector.stop('SIGKILL')))
    expect(await collector.send('traces', request('x', current, RULE_SET), token)).toBe(401)
    await collector.stop()
    rmSync(folder, { recursive: true, force: true })
  })
})
