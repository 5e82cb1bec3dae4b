// Spans that say that they were redacted: believed where a token is asked for, and nowhere else.
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RULE_SET } from '../../src/sdk/rule-set'
import { describeCollector, linesOf, type Running, scratchFolder, startCollector, until } from './support'

const leak = 'jane.doe@example.com'
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const at = '1790000000000000000'

/** A span with something that the first line should have found. */
function request(service: string, traceId: string, rules?: string) {
  const attributes = [text('service.name', service), text('telemetry.distro.name', '@afn/otel')]
  if (rules) attributes.push(text('afn.redaction.rules', rules))
  const span = {
    traceId,
    spanId: 'b'.repeat(16),
    name: 'chat',
    kind: 1,
    startTimeUnixNano: at,
    endTimeUnixNano: at,
    attributes: [text('note', `ask ${leak}`)],
  }
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }] }
}

const current = 'c'.repeat(32)
const sampled = `${'c'.repeat(30)}00`

describeCollector('the mark of redacted spans', () => {
  const folder = scratchFolder()
  const files = path.join(folder, 'files')
  let collector: Running
  let token: string

  beforeAll(async () => {
    collector = await startCollector(folder, ['--files', files], { AFN_SPANMETRICS_FLUSH: '1s' })
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
    const resource = { attributes: [text('service.name', 'logs'), text('afn.redaction.rules', RULE_SET)] }
    const logs = { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [log] }] }] }
    expect(await collector.send('logs', logs, token)).toBe(200)
    await until('all spans', () => linesOf(files, 'detailed').length >= 5)
    await until('the log', () => linesOf(files, 'logs').length >= 1)
    await collector.stop()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Whether what was sent in the service's name came through as it was, and with which mark. */
  function outcome(service: string): { isLeaked: boolean; rules: string | undefined } {
    const found = linesOf(files, 'detailed')
      .flatMap(line => JSON.parse(line).resourceSpans)
      .filter(({ resource }) => attributeOf(resource.attributes, 'service.name') === service)
    expect(found).toHaveLength(1)
    return {
      isLeaked: JSON.stringify(found).includes(leak),
      rules: attributeOf(found[0].resource.attributes, 'afn.redaction.rules'),
    }
  }

  it('is believed with the token: such a span is not redacted again', () => {
    expect(outcome('believed')).toEqual({ isLeaked: true, rules: RULE_SET })
  })

  it('counts for nothing on the open listener, and does not stay', () => {
    expect(outcome('forged')).toEqual({ isLeaked: false, rules: undefined })
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
    expect(await collector.send('traces', request('x', current, RULE_SET), token)).toBe(401)
    await collector.stop()
    rmSync(folder, { recursive: true, force: true })
  })
})

type Attributes = { key: string; value: { stringValue?: string } }[]
const attributeOf = (attributes: Attributes, key: string) =>
  attributes.find(attribute => attribute.key === key)?.value.stringValue
