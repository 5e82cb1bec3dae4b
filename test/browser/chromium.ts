// A real Chromium with a profile of its own, for the suites of this folder. Debian's package `chromium` is looked for, or
// what CHROMIUM_BIN names.
import { existsSync, mkdtempSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

const candidates = [
  process.env.CHROMIUM_BIN,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const binary = candidates.find(file => file && existsSync(file))

export const hasChromium = binary !== undefined
if (!hasChromium) writeSync(1, 'skipped: browser: no Chromium here (Debian’s package chromium, or CHROMIUM_BIN)\n')

/** Everything off that calls home. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Browser {
  readonly context: BrowserContext
  close(): Promise<void>
}

export async function startChromium(): Promise<Browser> {
  const profile = mkdtempSync(path.join(tmpdir(), 'afn-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: binary!,
    headless: true,
    args: ARGS,
    // a page that is left rests in memory, as it does for people
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  return {
    context,
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
