// A real Firefox with a profile of its own, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which Debian's package
// speaks itself. playwright-core needs a Firefox of its own, or a newer one. FIREFOX_BIN names another.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import WebSocket from 'ws'

const candidates = [process.env.FIREFOX_BIN, '/usr/bin/firefox-esr', '/usr/bin/firefox']
const binary = candidates.find(file => file && existsSync(file))

export const hasFirefox = binary !== undefined
if (!hasFirefox) writeSync(1, 'skipped: browser: no Firefox here (Debian’s package firefox-esr, or FIREFOX_BIN)\n')

/** Everything off that calls home. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.region.network.url': '',
  'browser.safebrowsing.downloads.remote.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.server': '',
}

export interface Tab {
  goto(url: string): Promise<void>
  /** Runs statements in the page. */
  run(code: string): Promise<void>
  /** The value of an expression, or of its promise, as JSON can carry it. */
  value<T>(expression: string): Promise<T>
  /** Resolves when the expression holds. */
  until(expression: string): Promise<void>
  back(): Promise<void>
  close(): Promise<void>
}
export interface Firefox {
  /** @param before is run in every page of the tab, before its own scripts */
  open(before?: string): Promise<Tab>
  close(): Promise<void>
}

interface Answer {
  readonly id?: number
  // biome-ignore lint/suspicious/noExplicitAny: what a command answers
  readonly result?: any
  readonly error?: string
  readonly message?: string
}
type Send = (method: string, params: object) => Promise<Answer['result']>

/** The address of BiDi, which Firefox says on stderr. */
const addressOf = (firefox: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ''
    firefox.stderr!.on('data', chunk => {
      said += chunk
      const [, address] = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said) ?? []
      if (address) resolve(`${address}/session`)
    })
    firefox.once('exit', () => reject(new Error(`Firefox did not start: ${said}`)))
  })

async function connect(address: string): Promise<{ send: Send; socket: WebSocket }> {
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const waiting = new Map<number, (answer: Answer) => void>()
  socket.on('message', text => {
    const answer = JSON.parse(`${text}`) as Answer
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer)
  })
  let last = 0
  const send: Send = async (method, params) => {
    const id = ++last
    const answered = new Promise<Answer>(resolve => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params }))
    const { result, error, message } = await answered
    if (error) throw new Error(`${method}: ${error}: ${message}`)
    return result
  }
  return { send, socket }
}

async function openTab(send: Send, before?: string): Promise<Tab> {
  const { context } = await send('browsingContext.create', { type: 'tab' })
  if (before) await send('script.addPreloadScript', { functionDeclaration: `() => { ${before} }`, contexts: [context] })
  const evaluate = async (expression: string) => {
    const target = { context }
    const { type, result, exceptionDetails } = await send('script.evaluate', { expression, target, awaitPromise: true })
    if (type !== 'success') throw new Error(exceptionDetails.text)
    return result.value
  }
  const tab: Tab = {
    goto: url => send('browsingContext.navigate', { context, url, wait: 'complete' }),
    run: code => evaluate(`{ ${code} }; undefined`),
    value: async expression =>
      JSON.parse(await evaluate(`(async () => JSON.stringify(await (${expression})) ?? 'null')()`)),
    async until(expression) {
      for (let tries = 0; !(await tab.value(`!!(${expression})`)); tries++) {
        if (tries > 200) throw new Error(`never came: ${expression}`)
        await sleep(25)
      }
    },
    back: () => send('browsingContext.traverseHistory', { context, delta: -1 }),
    close: () => send('browsingContext.close', { context }),
  }
  return tab
}

export async function startFirefox(): Promise<Firefox> {
  const profile = mkdtempSync(path.join(tmpdir(), 'afn-firefox-'))
  const preferences = Object.entries(PREFERENCES).map(pair => `user_pref(${JSON.stringify(pair).slice(1, -1)});`)
  writeFileSync(path.join(profile, 'user.js'), preferences.join('\n'))
  const firefox = spawn(
    binary!,
    [
      '--headless',
      '--no-remote',
      '--new-instance',
      '--profile',
      profile,
      '--remote-debugging-port',
      '0',
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: profile, MOZ_HEADLESS: '1' } },
  )
  const { send, socket } = await connect(await addressOf(firefox))
  await send('session.new', { capabilities: {} })
  return {
    open: before => openTab(send, before),
    async close() {
      const ended = once(firefox, 'exit')
      await send('browser.close', {}).catch(() => {})
      socket.close()
      await Promise.race([ended, sleep(5000).then(() => firefox.kill('SIGKILL'))])
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
