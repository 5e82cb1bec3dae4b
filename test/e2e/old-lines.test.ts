// The sweep of the Collector's log files as the machine's own clock goes on, by faketime: no line is older than its class plus a day.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type LogClass, retention } from '../../src/shared/tiers'
import { Exporter, record, recordsIn, request } from '../support/log-exporter'
import { makeApp } from '../support/packed'

const lacks = spawnSync('faketime', ['--version']).status !== 0
if (lacks) writeSync(1, 'skipped: old lines by the clock of the machine: faketime is not there\n')

const DAY = 86_400_000
const start = Date.parse('2026-06-01T00:00:00Z')
const classes: LogClass[] = ['debug', 'info', 'warn', 'error']
/** On which the sweep runs: a class has just ended, or long ago. */
const swept = [1, 2, 8, 32, 62, 92, 100]

describe.skipIf(lacks)('of a folder into which the Collector writes', () => {
  const folders: string[] = []
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  // of 100 MB a file; here all is a part of 2,500
  it.each([
    [200, 'two files a day'],
    [1_000, 'ten files a day'],
  ])(
    '%s MB a day are kept for longer than their class plus a day, or go too soon (%s)',
    megabytes => {
      const folder = mkdtempSync(path.join(tmpdir(), 'afn-old-lines-'))
      folders.push(folder)
      const cli = path.join(makeApp({ files: {} }), 'node_modules/@afn/otel/dist/cli.cjs')
      const most = 40_000
      const bytes = (megabytes / 100) * most
      const requests = 10
      const body = 'x'.repeat(bytes / requests - 150)
      const exporters = classes.map(logClass => new Exporter(folder, logClass, most))
      for (let day = 0; day < 100; day++) {
        for (let n = 0; n < requests; n++) {
          const at = start + (day + (n + 0.5) / requests) * DAY
          for (const exporter of exporters) exporter.write(request(record(at, body)), at)
        }
        const now = start + (day + 1) * DAY
        if (!swept.includes(day + 1)) continue
        const args = ['-f', `@${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}`, process.execPath, cli]
        const { status, stderr } = spawnSync('faketime', [...args, 'logs', 'sweep', folder], {
          encoding: 'utf8',
          env: { PATH: process.env.PATH, TZ: 'UTC', HOME: folder },
        })
        expect({ day, status, stderr }).toEqual({ day, status: 0, stderr: '' })
        for (const logClass of classes) {
          const ages = recordsIn(folder, logClass).map(({ timeUnixNano }) => (now - Number(timeUnixNano) / 1e6) / DAY)
          const where = `${logClass} on day ${day + 1}: ${ages.length} records`
          expect(Math.max(...ages), where).toBeLessThanOrEqual(retention.logs[logClass] + 1)
          const kept = requests * Math.min(day + 1, retention.logs[logClass])
          expect(ages.length, where).toBeGreaterThanOrEqual(kept)
          expect(ages.length, where).toBeLessThanOrEqual(kept + requests)
        }
      }
      for (const exporter of exporters) exporter.close()
    },
    600_000,
  )
})
