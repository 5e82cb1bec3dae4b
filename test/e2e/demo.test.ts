// `npm run demo` as a user runs it, and what it says when something does not hold.
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { root, tarball } from '../support/packed'
import { run } from '../support/run'

const scratch = mkdtempSync(path.join(tmpdir(), 'afn-demo-test-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** With a folder of its own for each, in which the demo makes its own one. */
const env = (more: Record<string, string> = {}) => ({
  AFN_DEMO_TARBALL: tarball(),
  TMPDIR: mkdtempSync(path.join(scratch, 'tmp-')),
  ...more,
})
/** What the user sees, and what is left in that folder. */
async function demo(args: string[] = [], more: Record<string, string> = {}) {
  const its = env(more)
  const seen = await run(root, ['examples/demo.mjs', ...args], { env: its })
  return { ...seen, left: readdirSync(its.TMPDIR) }
}

const phases = (stdout: string) => stdout.match(/^(?:ok|FAILED) \w+/gm)
const all = ['ok install', 'ok build', 'ok receive', 'ok replay', 'ok chat', 'ok report', 'ok explore']

/** The lines about one conversation. */
const about = (stdout: string, name: string) => new RegExp(`\n  ${name} [^]*?\n\n`).exec(stdout)?.[0]

/** What of the repository the demo needs, as a clone elsewhere; without its node_modules. */
function clone(name: string): string {
  const folder = path.join(mkdtempSync(path.join(scratch, 'clone-')), name)
  for (const part of ['examples', 'src', 'semconv', 'package.json', 'tsconfig.base.json', 'tsconfig.json']) {
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true })
  }
  return folder
}

// Each waits for seconds, for a slow conversation above all. Where a machine is so busy that another one takes three seconds too, the
// demo says that it is slow, and rightly so.
describe.concurrent('npm run demo', { retry: 1 }, () => {
  it('ends by itself with 0: the right tier each, tokens, cost, time to first token, nothing planted', async () => {
    const { code, stdout, stderr, left } = await demo()
    expect(stderr).toBe('')
    expect(phases(stdout)).toEqual(all)
    expect(stdout).toMatch(/^ok report: 4 conversations as they should be; no planted value in \d+ bytes$/m)

    expect(about(stdout, 'plain')).toContain('detailed (no policy), kept 3 days')
    expect(about(stdout, 'plain')).toContain('61 tokens in, 30 out, 0.00002715 USD')
    expect(about(stdout, 'plain')).toMatch(/redacted: \d+ EMAIL/)
    expect(about(stdout, 'streamed')).toContain('detailed (no policy), kept 3 days')
    expect(about(stdout, 'streamed')).toMatch(/79 tokens in, 33 out, 0\.00024400 USD, first token after \d+ ms/)
    expect(about(stdout, 'streamed')).toMatch(/redacted: .*\d CARD/)
    expect(about(stdout, 'failing')).toContain('errors (errors), kept 90 days')
    expect(about(stdout, 'failing')?.match(/gpt-5-mini answered 503/g)).toHaveLength(2)
    expect(about(stdout, 'slow')).toContain('sampled (slow), kept 30 days')
    expect(about(stdout, 'slow')).toContain('173 tokens in, 36 out, 0.00035300 USD')
    expect(stdout).toMatch(/^ok explore: 4 traces in afn-otel up, each in its tier/m)
    expect(stdout).toMatch(/^\$ npx afn-otel query cost-by-model\n.*\n.*anthropic +claude-haiku-4-5 +0\.000597$/m)
    expect(stdout).toMatch(/^\$ npx afn-otel query failed-calls\n.*\n.* demo +ask failing .*gpt-5-mini/m)
    const next = stdout.split('Where to look next')[1] ?? ''
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
    for (const [, heading] of next.matchAll(/"(.+?)"/g)) expect(readme).toContain(`\n## ${heading}\n`)
    expect(stdout).not.toContain('ada.lovelace')
    expect(code).toBe(0)
    expect(left).toEqual([])
  })

  it('--keep leaves the explorer running, with what was received', async () => {
    const { code, stdout, left } = await demo(['--keep', '--port', '0', '--otlp-port', '0'])
    expect(code).toBe(0)
    const [, url = '', pid] = /^ {2}(http:\S+) +the explorer; it runs until "kill (\d+)"$/m.exec(stdout) ?? []
    try {
      expect((await fetch(url)).headers.get('content-type')).toContain('text/html')
      const { traces } = (await (await fetch(`${url}/api/search`)).json()) as { traces: object[] }
      expect(traces).toHaveLength(4)
      // three were answered, each well
      const evaluations = encodeURIComponent('sum by (afn_llm_evaluation_outcome) (afn_llm_evaluation_results_total)')
      const { data } = (await (await fetch(`${url}/api/v1/query?query=${evaluations}`)).json()) as {
        data: { result: { metric: object; value: [number, string] }[] }
      }
      expect(data.result.map(({ metric, value }) => [metric, value[1]])).toEqual([
        [{ afn_llm_evaluation_outcome: 'pass' }, '3'],
      ])
    } finally {
      process.kill(Number(pid))
    }
    await vi.waitFor(() => expect(fetch(url)).rejects.toThrow('fetch failed'), 10_000)
    expect(left).toEqual([])
  })

  it('runs in a clone whose path has a space, from elsewhere', async () => {
    const folder = clone('a clone')
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    const args = [path.join(folder, 'examples/demo.mjs')]
    const { code, stdout, stderr } = await run(folder, args, { env: env(), cwd: tmpdir() })
    expect(stderr).toBe('')
    expect(phases(stdout)).toEqual(all)
    expect(code).toBe(0)
  })

  it('does not pass the OTEL_* variables of its environment to the chat server', async () => {
    const { code } = await demo([], {
      OTEL_SDK_DISABLED: 'true',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:9/',
    })
    expect(code).toBe(0)
  })

  describe('says what does not hold, and ends with 1:', () => {
    it('where values leak', async () => {
      const { code, stdout } = await demo([], { AFN_REDACTION: 'off' })
      expect(phases(stdout)).toEqual([...all.slice(0, -2), 'FAILED report'])
      const line = /^FAILED report: .*$/m.exec(stdout)?.[0]
      for (const what of [
        'an e-mail address',
        'a card number',
        'a phone number',
        'an API key',
        'a password in a URL',
        'a JWT',
      ]) {
        expect(line).toContain(`${what} in logs, traces`)
      }
      expect(line).toContain('run it without AFN_REDACTION in the environment')
      expect(stdout).not.toContain('ada.lovelace')
      expect(code).toBe(1)
    })

    it('where the cost is another one', async () => {
      const prices = path.join(scratch, 'prices.json')
      writeFileSync(prices, JSON.stringify({ 'openai/gpt-4o-mini': { input: 1_000, output: 0 } }))
      const { code, stdout } = await demo([], { AFN_PRICES: prices })
      expect(stdout).toMatch(/^FAILED report: plain: costs 0\.061 USD, not 0\.00002715/m)
      expect(about(stdout, 'plain')).toContain('WRONG: costs 0.061 USD')
      expect(code).toBe(1)
    })

    it('another tier, other tokens, another answer', async () => {
      const folder = clone('changed')
      symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
      const change = (name: string, from: RegExp, to: string) => {
        const file = path.join(folder, 'examples/chat/recordings', `${name}.json`)
        const text = readFileSync(file, 'utf8')
        expect(text).toMatch(from)
        writeFileSync(file, text.replace(from, to))
      }
      change('slow', /"delayMs": \d+/, '"delayMs": 0')
      change('plain', /prompt_tokens\\":61/, 'prompt_tokens\\":62')
      const first = await run(folder, ['examples/demo.mjs'], { env: env() })
      expect(first.stdout).toContain('slow: detailed (no policy), not sampled (slow)')
      expect(first.stdout).toContain('plain: 62 input tokens, not 61')
      expect(first.code).toBe(1)

      change('plain', /"status": 200/, '"status": 401')
      const second = await run(folder, ['examples/demo.mjs'], { env: env() })
      expect(second.stdout).toMatch(/^FAILED chat: plain was answered with 502 and not 200 \(401/m)
      expect(second.code).toBe(1)
    })

    it('where the build fails', async () => {
      const { code, stdout, left } = await demo([], { AFN_DEMO_TARBALL: '/nowhere.tgz' })
      expect(phases(stdout)).toEqual(['ok install', 'FAILED build'])
      expect(stdout).toContain('/nowhere.tgz')
      expect(code).toBe(1)
      expect(left).toEqual([])
    })

    it('where the install fails', async () => {
      const folder = clone('bare') // there is neither a lock file nor a node_modules
      const { code, stdout } = await run(folder, ['examples/demo.mjs'], { env: env() })
      expect(phases(stdout)).toEqual(['FAILED install'])
      expect(stdout).toMatch(/Run "npm ci" to see more$/m)
      expect(code).toBe(1)
    })

    it('a Collector that is nowhere to be had', async () => {
      const tools = mkdtempSync(path.join(scratch, 'tools-')) // a PATH on which there is neither a Collector nor Go
      for (const tool of ['tar', 'gzip']) {
        symlinkSync(
          execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(),
          path.join(tools, tool),
        )
      }
      const { code, stdout } = await demo(['--collector'], {
        PATH: tools,
        AFN_CACHE_DIR: path.join(scratch, 'cache'),
        AFN_COLLECTOR_DOWNLOAD_URL: 'http://127.0.0.1:9',
      })
      expect(phases(stdout)).toEqual(['ok install', 'ok build', 'FAILED receive'])
      expect(stdout).toMatch(/^FAILED receive: .*no go on PATH.*set OTELCOL_BIN/m)
      expect(code).toBe(1)
    })

    it('an option that does not exist, with 2', async () => {
      const { code, stderr } = await demo(['--lvie'])
      expect(stderr).toContain('--lvie')
      expect(stderr).toContain('--live')
      expect(code).toBe(2)
    })
  })

  describe('--live', () => {
    it('says which conversations it skips for want of a key', async () => {
      const { code, stdout } = await demo(['--live'])
      expect(about(stdout, 'plain')).toContain('skipped, since OPENAI_API_KEY is not set')
      expect(about(stdout, 'streamed')).toContain('skipped, since ANTHROPIC_API_KEY is not set')
      expect(stdout).toMatch(/^ok report: 2 conversations as they should be, 2 skipped/m)
      expect(code).toBe(0)
    })

    it('asks the provider whose key is there', async () => {
      // What a provider is to the demo: somewhere else than its own replay.
      const provider = spawn(process.execPath, [path.join(root, 'examples/chat/replay.cjs')], { env: { PORT: '0' } })
      const url = await new Promise<string>(resolve =>
        provider.stdout.once('data', text => resolve(/http:\S+/.exec(String(text))?.[0] ?? '')),
      )
      const key = 'sk-proj-notARealKeyNotARealKeyNotARealKey00'
      const { code, stdout } = await demo(['--live'], { OPENAI_API_KEY: key, OPENAI_BASE_URL: `${url}/v1` })
      provider.kill()
      expect(stdout).toMatch(/^ok chat: plain 200 live, streamed skipped/m)
      expect(about(stdout, 'plain')).toContain('61 tokens in, 30 out, 0.00002715 USD')
      expect(stdout).not.toContain(key)
      expect(code).toBe(0)
    })

    it('says why the provider did not answer', async () => {
      const { code, stdout } = await demo(['--live'], {
        ANTHROPIC_API_KEY: 'none',
        ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
      })
      expect(stdout).toMatch(/^FAILED chat: streamed was answered with \d+ and not 200 \(.+\); check key and network/m)
      expect(code).toBe(1)
    })
  })

  describe('leaves nothing behind', () => {
    /** Does something to the demo once the replay is there, and says how both ended. */
    async function disturbed(disturb: (child: ChildProcessByStdio<null, Readable, null>) => void) {
      const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
      const its = env()
      const child = spawn(process.execPath, ['examples/demo.mjs'], {
        cwd: root,
        env: { ...process.env, ...its },
        stdio,
      })
      let stdout = ''
      child.stdout.on('data', text => {
        const before = stdout
        stdout += text
        if (stdout.includes('ok replay') && !before.includes('ok replay')) disturb(child)
      })
      const code = await new Promise(resolve => child.once('exit', resolve))
      const replay = /ok replay: .* (http:\S+)/.exec(stdout)?.[1] as string
      // it got a signal to end, and takes a moment
      await vi.waitFor(() => expect(fetch(replay)).rejects.toThrow('fetch failed'), 10_000)
      expect(readdirSync(its.TMPDIR)).toEqual([])
      return { code, stdout }
    }

    it.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('on %s', async (signal, expected) => {
      const { code, stdout } = await disturbed(child => child.kill(signal))
      expect(code).toBe(expected)
      expect(stdout).not.toContain('FAILED')
    })

    it('when nobody reads its output', async () => {
      expect(await disturbed(child => child.stdout.destroy())).toMatchObject({ code: 1 })
    })
  })
})
