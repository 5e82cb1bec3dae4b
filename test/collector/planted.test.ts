// 200 planted values, through the preload and the Collector into the files of every leg: nothing of them is in any byte, and
// the second line found nothing that the first had let through.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { found, planted, startScene, tooMany } from '../support/planted'
import { run } from '../support/run'
import { describeCollector, linesOf, scratchFolder, startCollector, until } from './support'

describeCollector('200 planted values', () => {
  const folder = scratchFolder()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const values = planted()
  const legs = ['detailed', 'sampled', 'errors', 'llm', 'logs', 'metrics']

  it('are in no file, and none had to be found by the second line', async () => {
    const files = path.join(folder, 'files')
    const collector = await startCollector(folder, ['--files', files], {
      AFN_DECISION_WAIT: '2s',
      AFN_AFTER_ROOT: '1s',
      AFN_SPANMETRICS_FLUSH: '1s',
    })
    onTestFinished(async () => void (await collector.stop('SIGKILL')))
    const scene = await startScene(values)
    const env = { ...scene.env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
    const result = await run(scene.folder, ['--require', '@afn/otel', 'app.cjs'], { env })
    expect(result).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    await until('every leg to have written', () => legs.every(name => linesOf(files, name).length > 0))
    expect(await collector.stop()).toBe(0)
    const bytes = Buffer.concat(readdirSync(files).map(name => readFileSync(path.join(files, name))))
    expect(tooMany(found(bytes, values), values)).toEqual([])
    expect(linesOf(files, 'metrics-leaks').filter(line => line.includes('afn.redaction.leaks'))).toEqual([])
  })
})
