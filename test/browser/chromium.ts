// A real Chromium with a profile of its own, for the suites of this folder. Debian's package `chromium` is looked for, or
// what CHROMIUM_BIN names.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

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
  /** Ends all of its processes at once (SIGKILL), and leaves the profile. */
  kill(): Promise<void>
}

/** Until it is true in the page. Polled from here: what a driver polls with inside of the page is `eval`, which a strict policy forbids. */
export async function until(page: Page, expression: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await page.evaluate(`!!(${expression})`)) return
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  throw new Error(`never true in the page: ${expression}`)
}

/** @param profile a folder that stays; without it one of its own */
export async function startChromium(profile?: string): Promise<Browser> {
  const folder = profile ?? mkdtempSync(path.join(tmpdir(), 'afn-chromium-'))
  const context = await chromium.launchPersistentContext(folder, {
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
      if (!profile) rmSync(folder, { recursive: true, force: true })
    },
    async kill() {
      const gone = new Promise(resolve => context.once('close', resolve))
      for (const pid of processesWith(`--user-data-dir=${folder}`)) process.kill(pid, 'SIGKILL')
      await gone
    },
  }
}

/** Those whose command line has the argument: the driver does not tell the browser's process. */
function processesWith(argument: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(argument)
      } catch {
        // it has ended meanwhile
        return false
      }
    })
    .map(Number)
}
