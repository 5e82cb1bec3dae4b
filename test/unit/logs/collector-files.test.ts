// The Collector's log files over 100 days.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sweepCollectorFiles } from '../../../src/app/logs/collector-files'
import { type LogClass, retention } from '../../../src/shared/tiers'
import { Exporter, nano, record, recordsIn, request } from '../../support/log-exporter'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const start = Date.parse('2026-06-01T00:00:00Z')
const days = (logClass: LogClass) => retention.logs[logClass]

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-swept-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const left = (logClass: LogClass) => recordsIn(folder, logClass)
const sizeOfAll = () => readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0)

// 100 MB a file: 1 MB a day never fills one but for the last day, 200 MB a day two a day; here all is a five-hundredth
it.each([
  [1, 'a few requests a day'],
  [200, 'two files a day'],
])('%s MB a day for 100 days: no line is older than its class plus a day (%s)', megabytes => {
  const most = 200_000
  const perRequest = 2_000 * Math.min(megabytes, 10)
  const requests = Math.max(1, Math.round((megabytes * (most / 100)) / perRequest))
  const body = 'x'.repeat(perRequest - 150)
  const classes: LogClass[] = ['debug', 'info', 'warn']
  const exporters = new Map(classes.map(logClass => [logClass, new Exporter(folder, logClass, most)]))
  for (let day = 0; day < 100; day++) {
    for (let n = 0; n < requests; n++) {
      const now = start + day * DAY + (n / requests) * DAY
      for (const exporter of exporters.values()) exporter.write(request(record(now, body)), now)
    }
    // a Collector that starts again appends
    if (day % 30 === 29)
      for (const [logClass, exporter] of exporters) {
        exporter.close()
        exporters.set(logClass, new Exporter(folder, logClass, most))
      }
    const now = start + (day + 1) * DAY
    const { oldest } = sweepCollectorFiles(folder, now, days)
    for (const logClass of classes) {
      const ages = left(logClass).map(({ timeUnixNano }) => (now - Number(timeUnixNano) / 1e6) / DAY)
      expect(Math.max(...ages), logClass).toBeLessThanOrEqual(days(logClass))
      // and nothing younger is gone
      expect(ages.length).toBe(requests * Math.min(day + 1, days(logClass)))
      expect(now - oldest.get(logClass)!).toBeCloseTo(Math.max(...ages) * DAY, -3)
    }
  }
  for (const exporter of exporters.values()) exporter.close()
  // what is kept, a file that is written, and one that still has a line
  const kept = classes.reduce((sum, logClass) => sum + days(logClass), 0) * requests * perRequest
  expect(sizeOfAll()).toBeLessThan(kept + classes.length * 2 * most + 100_000)
})

it('of a request with old and new records the new ones stay, and who reads the file as OTLP JSON reads on', () => {
  const now = start + 10 * DAY
  const file = path.join(folder, 'info.json')
  const lines = [
    request(record(now - 9 * DAY, 'old'), record(now - 1 * DAY, 'new 日本語')),
    request(record(0, 'observed', { observedTimeUnixNano: nano(now - 8 * DAY) })),
    request(record(now - 2 * DAY, 'young')),
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  expect(sweepCollectorFiles(folder, now, days).records).toBe(2)
  expect(left('info').map(one => one.body.stringValue)).toEqual(['new 日本語', 'young'])
  const after = readFileSync(file, 'utf8').split('\n')
  expect(after.map(line => Buffer.byteLength(line))).toEqual([...lines.map(line => Buffer.byteLength(line)), 0])
  for (const line of after.slice(0, -1)) JSON.parse(line)
})

it('a record without a time, one of the future and a torn line go with the lines around them', () => {
  const file = path.join(folder, 'debug.json')
  const now = start + 30 * DAY
  const odd = [
    request({ body: { stringValue: 'timeless' } }),
    request(record(now + 900 * DAY, 'future')),
    '{"resourceLogs":[{"torn',
  ]
  writeFileSync(file, `${[request(record(now - HOUR, 'first')), ...odd, request(record(now, 'last'))].join('\n')}\n`)
  sweepCollectorFiles(folder, now, days)
  expect(readFileSync(file, 'utf8')).toContain('timeless')
  sweepCollectorFiles(folder, now + 23.5 * HOUR, days)
  const text = readFileSync(file, 'utf8')
  for (const word of ['first', 'timeless', 'future', 'torn']) expect(text).not.toContain(word)
  expect(text).toContain('last')
})

it('a line that is being written stays, and other files of the folder are not touched', () => {
  const own = path.join(folder, 'info-2026-06-01-4711.log')
  const part = request(record(start, 'half')).slice(0, 60)
  writeFileSync(own, `${request(record(0, 'x'))}\n`)
  writeFileSync(path.join(folder, 'package.json'), '{\n}\n')
  writeFileSync(path.join(folder, 'info.json'), part)
  sweepCollectorFiles(folder, start + 100 * DAY, days)
  expect(readFileSync(path.join(folder, 'info.json'), 'utf8')).toBe(part)
  expect(readFileSync(own, 'utf8')).toContain('"x"')
  expect(readFileSync(path.join(folder, 'package.json'), 'utf8')).toBe('{\n}\n')
})

it('old lines stay in a file that has the inode of one that was removed', () => {
  const now = start + 10 * DAY
  const file = path.join(folder, 'info.json')
  for (const text of ['first', 'other']) {
    writeFileSync(file, `${request(record(start, text))}\n`)
    expect(sweepCollectorFiles(folder, now, days).records).toBe(1)
    expect(left('info')).toEqual([])
    rmSync(file)
  }
})
