// One page of one tool, in a Chromium with a profile of its own that its DevTools protocol slows down.
import { setTimeout as sleep } from 'node:timers/promises'

/** How many of each; at `leave`, events. */
export const COUNTS = { events: 300, errors: 150, clicks: 40, requests: 100, navigations: 20, leave: 100 }
/** Milliseconds after each kind, in which what was put off is done and sent: the idle spans of Sentry take a second. */
const PAUSE = 1200

/**
 * @returns {Promise<{ init: number, load: number, kinds: Record<string, { cpu: number, bytes: number }>, longTasks: number[],
 *   bytes: number, requests: number }>} init: milliseconds of the tool's evaluation; load and cpu: milliseconds in which the
 *   main thread ran; longTasks: milliseconds each
 */
export async function measure(startChromium, site, tool, slowdown) {
  const before = { ...site.taken }
  const browser = await startChromium()
  try {
    const [page] = browser.context.pages()
    const failures = []
    page.on('pageerror', error => failures.push(error))
    const devtools = await browser.context.newCDPSession(page)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
    const ran = async () => {
      const { metrics } = await devtools.send('Performance.getMetrics')
      return metrics.find(({ name }) => name === 'TaskDuration').value * 1000
    }

    await page.goto(`${site.url}/${tool}/`)
    await page.waitForFunction(() => globalThis.initialized !== undefined)
    await sleep(2 * PAUSE)
    const init = await page.evaluate('initialized')
    const load = await ran()

    const kinds = {}
    const kind = async (name, run) => {
      const bytes = site.taken.bytes
      const start = await ran()
      await run(COUNTS[name])
      if (name !== 'leave') await page.evaluate('tool.flush()')
      await sleep(PAUSE)
      kinds[name] = { cpu: (await ran()) - start, bytes: site.taken.bytes - bytes }
    }
    const work = name => kind(name, count => page.evaluate(`work.${name}(${count})`))
    const places = await page.evaluate(() =>
      [...document.querySelectorAll('button')].map(button => {
        const { x, y } = button.getBoundingClientRect()
        return { x: x + 5, y: y + 5 }
      }),
    )
    await work('events')
    await work('errors')
    await kind('clicks', async count => {
      for (const place of places.slice(0, count)) {
        for (const type of ['mousePressed', 'mouseReleased'])
          await devtools.send('Input.dispatchMouseEvent', { type, ...place, button: 'left', clickCount: 1 })
        await sleep(20)
      }
    })
    await work('requests')
    await work('navigations')
    await work('leave')
    const longTasks = await page.evaluate('longTasks')
    if (failures.length) throw failures[0]
    const { requests, bytes } = site.taken
    return { init, load, kinds, longTasks, bytes: bytes - before.bytes, requests: requests - before.requests }
  } finally {
    await browser.close()
  }
}
