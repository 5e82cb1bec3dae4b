// Pages that are left, through the app's route into the real Collector, and into the files that it writes.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe } from 'vitest'
import { backendMatrix } from '../browser/backend-matrix'
import { hasChromium } from '../browser/chromium'
import { describeCollector, linesOf, type Running, scratchFolder, startCollector } from './support'

interface LogRecord {
  /** Absent in a record without attributes, which another process may have sent to a port that was its Collector's. */
  readonly attributes?: {
    readonly key: string
    readonly value: { readonly stringValue?: string; readonly intValue?: string }
  }[]
}
interface Logs {
  readonly resourceLogs: { readonly scopeLogs?: { readonly logRecords?: LogRecord[] }[] }[]
}

describeCollector('what a page leaves behind is in the files of the Collector', () => {
  describe.skipIf(!hasChromium)('by Chromium', () => {
    const folder = scratchFolder()
    const files = path.join(folder, 'files')
    let collector: Running
    afterAll(async () => {
      await collector?.stop()
      rmSync(folder, { recursive: true, force: true })
    })
    backendMatrix(async () => {
      collector = await startCollector(folder, ['--files', files])
      return {
        otlp: collector.url,
        async numbers(run) {
          const records = linesOf(files, 'logs-loki').flatMap(line =>
            (JSON.parse(line) as Logs).resourceLogs.flatMap(({ scopeLogs = [] }) =>
              scopeLogs.flatMap(({ logRecords = [] }) => logRecords),
            ),
          )
          const attributeOf = ({ attributes = [] }: LogRecord, name: string) =>
            attributes.find(({ key }) => key === name)?.value
          return records
            .filter(record => attributeOf(record, 'run')?.stringValue === run)
            .map(record => Number(attributeOf(record, 'n')!.intValue))
        },
      }
    })
  })
})
