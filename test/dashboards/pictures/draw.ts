// Pictures of boards with Grafana's own panels. Grafana's server can't be had; its panels are a package of npm, under Apache-2.0, which is
// kept in the cache as one file: node scripts/prepare-binaries.mjs grafana-panels.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { startChromium, until } from '../../browser/chromium'
import { findGrafanaPanels } from '../../support/binaries.mjs'

/** Of every board and width one; outside of git. */
export const folder = path.join(import.meta.dirname, 'made')

const panels = findGrafanaPanels()
export const missing = 'missing' in panels ? panels.missing : undefined

if (!spawnSync('fc-list', [':lang=ja'], { encoding: 'utf8' }).stdout)
  console.log('pictures of boards in Japanese have boxes for letters: no font here (Debian’s fonts-ipafont-gothic)')

export interface Picture {
  readonly name: string
  /** In Grafana's JSON. */
  readonly dashboard: object
  /** What Prometheus answered, by id of the panel and letter of the query. */
  readonly answers: object
  /** In milliseconds since 1970. */
  readonly time: { readonly from: number; readonly to: number }
}

export interface Drawn {
  readonly file: string
  /** Of the panels that say that they have no data. */
  readonly empty: readonly string[]
  readonly errors: readonly string[]
}

const ADDRESS = 'http://boards.example/'
const widths = { desktop: 1400, narrow: 700 }

export async function draw(pictures: readonly Picture[]): Promise<Drawn[]> {
  mkdirSync(folder, { recursive: true })
  const script = await bundled()
  const style = 'file' in panels ? readFileSync(panels.file.replace(/mjs$/, 'css'), 'utf8') : ''
  const browser = await startChromium()
  const drawn: Drawn[] = []
  try {
    for (const { name, dashboard, answers, time } of pictures)
      for (const [kind, width] of Object.entries(widths)) {
        const page = await browser.context.newPage()
        const errors: string[] = []
        page.on('pageerror', error => errors.push(error.message))
        await page.setViewportSize({ width, height: 900 })
        // the panels read localStorage, which a page without an address has none of
        await page.route('**/*', route =>
          route.request().url() === ADDRESS
            ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><div id="board"></div>' })
            : route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' }),
        )
        await page.goto(ADDRESS)
        await page.addStyleTag({ content: `body { margin: 0 } ${style}` })
        await page.addScriptTag({ content: script })
        const values = JSON.stringify([dashboard, answers, time])
        await page.evaluate(`window.draw(...${values})`)
        await until(page, 'document.querySelector("[data-panel] section, [data-panel] header")')
        // the charts draw in frames of their own
        await page.waitForTimeout(1_500)
        const file = path.join(folder, `${name}-${kind}.png`)
        await page.screenshot({ path: file, fullPage: true })
        const empty = await page.evaluate<string[]>(
          `[...document.querySelectorAll('[data-panel]')].filter(one => /No data/.test(one.textContent)).map(one => one.dataset.panel)`,
        )
        drawn.push({ file, empty, errors })
        await page.close()
      }
  } finally {
    await browser.close()
  }
  writeFileSync(path.join(folder, 'drawn.json'), JSON.stringify(drawn, null, 2))
  return drawn
}

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, 'page.jsx')],
    bundle: true,
    write: false,
    outdir: 'made',
    format: 'iife',
    minify: true,
    alias: { 'grafana-panels': 'file' in panels ? panels.file : '' },
    loader: { '.mjs': 'js' },
    logLevel: 'error',
  })
  return outputFiles.find(({ path: file }) => file.endsWith('.js'))!.text
}
