// The real Collector writes its log files while they are swept and a person is erased from them: nothing else is lost, over a restart too.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { sweepCollectorFiles } from '../../src/app/logs/collector-files'
import { logFilesStore } from '../../src/operations/gdpr/stores/log-files'
import { identityOf, parseSubject } from '../../src/operations/gdpr/subject'
import { retention } from '../../src/shared/tiers'
import { describeCollector, scratchFolder, startCollector } from './support'

const DAY = 86_400_000
const signal = new AbortController().signal
const person = 'person-4711-abcdef'
const target = { identity: identityOf(parseSubject([`user.id=${person}`]), []), traceIds: [] }
const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
const record = (n: number, ms: number, user: string) => ({
  timeUnixNano: `${Math.round(ms)}000000`,
  severityNumber: 9,
  body: { stringValue: `line ${n}` },
  attributes: [text('user.id', user)],
})

describeCollector('log files of the Collector', () => {
  it('are swept and erased from while it appends, and every other line is there, before and after a restart', async () => {
    const folder = scratchFolder()
    const logs = path.join(folder, 'logs')
    mkdirSync(logs)
    const store = logFilesStore([logs])
    const now = Date.now()
    const kept: string[] = []
    let n = 0
    for (const start of ['new', 'again']) {
      const collector = await startCollector(folder, [], { AFN_LOG_DIR: logs })
      for (let round = 0; round < 30; round++) {
        const records = [0, 1, 2].map(form => {
          const line = n++
          if (form === 0) kept.push(`line ${line}`)
          // young, too old for its class, and young of the person
          return record(line, form === 1 ? now - 9 * DAY : now, form === 2 ? person : 'somebody-0815-fedcba')
        })
        const body = { resourceLogs: [{ resource: { attributes: [text('service.name', start)] }, scopeLogs: [{ logRecords: records }] }] } // biome-ignore format: one line
        expect(await collector.send('logs', body)).toBe(200)
        if (round % 5 !== 4) continue
        await new Promise(resolve => setTimeout(resolve, 300))
        sweepCollectorFiles(logs, now, logClass => retention.logs[logClass])
        await store.erase(target, signal)
      }
      expect(await collector.stop()).toBe(0)
    }
    sweepCollectorFiles(logs, now, logClass => retention.logs[logClass])
    await store.erase(target, signal)
    expect(await store.verify(target, signal)).toBe(0)
    const files = readdirSync(logs).filter(name => /^info.*\.json$/.test(name))
    const left = files
      .flatMap(name => readFileSync(path.join(logs, name), 'utf8').split('\n').filter(Boolean))
      .flatMap(line => JSON.parse(line).resourceLogs ?? [])
      .flatMap(one => one.scopeLogs.flatMap((scope: { logRecords: { body: { stringValue: string } }[] }) => scope.logRecords)) // biome-ignore format: one line
      .map(one => one.body.stringValue)
    expect(left.toSorted()).toEqual(kept.toSorted())
  })
})
