// A user who objected, from a page in a real Chromium, through the app's route, to the files of the real Collector. Oracle: the page's own
// counts.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { otlpHandler } from '../../src/app/next/otlp-handler'
import { inertRuntime, slot } from '../../src/app/runtime'
import { handlesBy } from '../../src/app/suppress/list'
import { changeListFile } from '../../src/app/suppress/list-file'
import { createSuppression } from '../../src/app/suppress/suppression'
import { resolve } from '../../src/shared/config/resolve'
import { report } from '../../src/shared/diag/report'
import { newStatus } from '../../src/shared/diag/status'
import { hasChromium, startChromium, until as untilInPage } from '../browser/chromium'
import { startMonitoredSite } from '../browser/monitored-site'
import { describeCollector, linesOf, scratchFolder, startCollector, until } from './support'

const KEY = 'k'.repeat(32)

describeCollector('a user who objected', () => {
  describe.skipIf(!hasChromium)('in Chromium', () => {
    const folder = scratchFolder()
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it('sends with and without the option of the page: 0 records of this user in the Collector, and of the other all', async () => {
      const [list, files] = [path.join(folder, 'list.json'), path.join(folder, 'files')] as const
      const object = (user: string) => changeListFile(list, KEY, known => known.add(handlesBy(KEY)(user)))
      await object('somebody')
      const collector = await startCollector(folder, ['--files', files])
      const env = { AFN_SUPPRESSION_LIST: list, AFN_SUPPRESSION_INTERVAL: '100', AFN_HMAC_KEY: KEY }
      const suppression = createSuppression(resolve({ env, cwd: folder, parseYaml: JSON.parse }).settings, report)!
      slot().runtime = { ...inertRuntime(newStatus('test')), suppression }
      const site = await startMonitoredSite('', {
        handler: otlpHandler({ endpoint: collector.url, perMinute: 10_000 }),
      })
      const browser = await startChromium()
      try {
        const record = (user: string, phase: string) => `monitor.setUserId('${user}')
          for (let n = 0; n < 50; n++) {
            monitor.recordCustomEvent('step', { n: '${phase} ${user} ' + n })
            monitor.withSpan('work', () => {}, { attributes: { n: '${phase} ${user} ' + n } })
          }
          monitor.flush()`
        /** Events and spans of a phase and user that arrived, each by its number. */
        const arrived = (what: string) =>
          ['logs', 'detailed']
            .flatMap(name => linesOf(files, name))
            .flatMap(line => [...line.matchAll(/"key":"n","value":\{"stringValue":"(\w+ u-\d) (\d+)"/g)])
            .filter(([, of]) => of === what)
            .map(([, , n]) => Number(n))
            .sort((one, other) => one - other)
        const twice = Array.from({ length: 50 }, (_, n) => [n, n]).flat()
        const visit = async (options: object) => {
          const page = await browser.context.newPage()
          await page.addInitScript(
            `globalThis.monitorOptions = ${JSON.stringify(options)}; globalThis.monitorUser = 'u-1'`,
          )
          await page.goto(site.url)
          await untilInPage(page, 'globalThis.afnOtelSink')
          return page
        }
        const first = await visit({ suppression: true })
        await first.evaluate(record('u-1', 'before'))
        await first.close()
        await until('the records to arrive', () => arrived('before u-1').length >= 100)
        expect(arrived('before u-1')).toEqual(twice)

        await object('u-1')
        await vi.waitFor(() => expect(suppression.has('u-1')).toBe(true), { timeout: 60_000 })
        for (const [phase, options] of [
          ['asking', { suppression: true }],
          ['sending', {}],
        ] as const) {
          const page = await visit(options)
          await page.evaluate(record('u-1', phase))
          await page.evaluate(record('u-2', phase))
          await page.evaluate(record('u-1', phase))
          await page.close()
          await until('the other user to arrive', () => arrived(`${phase} u-2`).length >= 100)
          expect(arrived(`${phase} u-2`)).toEqual(twice)
        }
        expect([...arrived('asking u-1'), ...arrived('sending u-1')]).toEqual([])
        expect(arrived('before u-1')).toEqual(twice)
      } finally {
        suppression.stop()
        delete slot().runtime
        await browser.close()
        await site.close()
        await collector.stop()
      }
    })
  })
})
