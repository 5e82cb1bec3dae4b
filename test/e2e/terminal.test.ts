// The command line at a real terminal (a pty of util-linux' script) and in real shells.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import stringWidth from 'string-width'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { double, otlpAttributes } from '../support/otlp-json'
import { type RunningUp, startUp } from '../support/up'

const has = (command: string) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
const lacks = ['script', 'zsh', 'fish'].filter(command => !has(command))
if (lacks.length > 0) console.error(`skipped: some of the terminal: there is no ${lacks.join(', ')}`)

const TRACES = 40
const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0')

function traceOf(n: number) {
  const start = BigInt(Date.now() - 60_000 + n) * 1_000_000n
  const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5-mini', 'gen_ai.usage.input_tokens': 9 }
  const spans = [
    { name: 'POST /予約/{id}/a-long-route/that-goes-on', attributes: {} },
    { name: 'chat gpt-5-mini', attributes: { ...call, 'afn.llm.cost.total': double(0.00000016) } },
    { name: 'chat unknown', attributes: call },
    { name: 'failed', attributes: {}, status: { code: 2, message: 'no \u001b[31mroom' } },
  ]
  return {
    resourceSpans: [
      {
        resource: { attributes: otlpAttributes({ 'service.name': 'notification-service-eu-west-1-production' }) },
        scopeSpans: [
          {
            spans: spans.map(({ attributes, ...span }, at) => ({
              traceId: hex(n + 1, 32),
              spanId: hex(n * 10 + at + 1, 16),
              ...(at > 0 && { parentSpanId: hex(n * 10 + 1, 16) }),
              startTimeUnixNano: `${start}`,
              endTimeUnixNano: `${start + 5_000_000n}`,
              attributes: otlpAttributes(attributes),
              ...span,
            })),
          },
        ],
      },
    ],
  }
}

let up: RunningUp
let cli: string
beforeAll(async () => {
  up = await startUp()
  cli = path.join(up.folder, 'node_modules/@afn/otel/dist/cli.cjs')
  for (let n = 0; n < TRACES; n++) expect((await up.post('traces', traceOf(n))).status).toBe(200)
})
afterAll(() => up.stop())

/** In a terminal of that size. @returns what it shows, with what was written on stderr */
function atTerminal(columns: number, args: string, env: Record<string, string> = {}): string {
  const command = `stty cols ${columns} rows 24; ${process.execPath} ${cli} ${args}`
  const output = execFileSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: up.folder,
      TERM: 'xterm-256color',
      AFN_LOCAL_URL: up.url,
      PAGER: 'cat',
      ...env,
    },
    input: '',
  })
  return output.replaceAll('\r\n', '\n').trimEnd()
}

const escapes = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`)

describe.skipIf(!has('script'))('at a terminal', () => {
  it.each([
    ['traces --limit 5', 80],
    [`trace ${hex(1, 32)}`, 80],
    ['query failed-calls', 80],
    ['doctor', 80],
    ['--help', 80],
  ])('%s fits %i columns', (args, columns) => {
    const lines = atTerminal(columns, `${args}; true`, { AFN_TEMPO_URL: up.url }).split('\n')
    expect(lines.length).toBeGreaterThan(1)
    expect(lines.filter(line => stringWidth(line) > columns)).toEqual([])
  })

  it('has every id of a trace whole, and a small sum is not 0', () => {
    const text = atTerminal(80, `traces --limit ${TRACES}`)
    for (let n = 1; n <= TRACES; n++) expect(text).toContain(hex(n, 32))
    expect(text).toContain('>= 0.00000016 USD (1 of 2 unpriced)')
    expect(text).not.toMatch(/\b0 USD/)
  })

  it('shows what failed in red, unless NO_COLOR is set, and nothing of a text that would colour it itself', () => {
    const coloured = atTerminal(120, `trace ${hex(1, 32)}`)
    expect(coloured).toContain('\u001b[31merrors\u001b[39m')
    expect(coloured).toContain('\u001b[31mERROR no  [31mroom\u001b[39m')
    expect(coloured).toContain('\u001b[33munpriced\u001b[39m')
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }])
      expect(atTerminal(120, `trace ${hex(1, 32)}`, env as Record<string, string>)).not.toMatch(escapes)
  })

  it('hands what is longer than the screen to PAGER, and shorter output to nobody', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-pager-'))
    const [pager, shown] = [path.join(folder, 'pager'), path.join(folder, 'shown')]
    writeFileSync(pager, `#!/bin/sh\ncat > ${shown}\necho paged by $LESS\n`)
    chmodSync(pager, 0o755)
    expect(atTerminal(200, `traces --limit ${TRACES}`, { PAGER: pager })).toBe('paged by FRX')
    expect(readFileSync(shown, 'utf8').match(/^\d{4}-/gm)).toHaveLength(TRACES)
    expect(atTerminal(200, 'traces --limit 3', { PAGER: pager })).toMatch(/^START/)
    // one that is not there is none
    expect(atTerminal(200, `traces --limit ${TRACES}`, { PAGER: '/no/such/pager' })).toContain(hex(1, 32))
  })

  it('tells times by the clock of the machine with its offset, in UTC where there is JSON', () => {
    const env = { TZ: 'Asia/Tokyo' }
    expect(atTerminal(200, 'traces --limit 1', env)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+09:00/m)
    expect(atTerminal(200, 'query failed-tools', { ...env, AFN_TEMPO_URL: up.url })).toMatch(
      /^Tempo .*\+09:00 to .*\+09:00/m,
    )
    expect(atTerminal(200, 'query failed-tools --json', { ...env, AFN_TEMPO_URL: up.url })).toMatch(/"start": "[^"]+Z"/)
  })
})

describe('in a pipe', () => {
  it('has no colours, unless FORCE_COLOR is set', async () => {
    const args = ['trace', hex(1, 32)]
    expect((await up.command(args)).stdout).not.toMatch(escapes)
    expect((await up.command(args, { FORCE_COLOR: '1' })).stdout).toMatch(escapes)
    expect((await up.command(args, { FORCE_COLOR: '0' })).stdout).not.toMatch(escapes)
  })

  it('fits COLUMNS, and is whole without', async () => {
    const lines = async (env: Record<string, string>) =>
      (await up.command(['traces', '--limit', '5'], env)).stdout.trim().split('\n')
    expect((await lines({ COLUMNS: '80' })).filter(line => stringWidth(line) > 80)).toEqual([])
    expect(await lines({})).toHaveLength(6)
  })
})

describe('completion', () => {
  /** The script of a shell, as a file. */
  async function scriptOf(shell: string): Promise<string> {
    const { code, stdout, stderr } = await up.command(['completion', shell])
    expect([code, stderr]).toEqual([0, ''])
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'afn-completion-')), `completion.${shell}`)
    writeFileSync(file, stdout)
    return file
  }

  const cases: [string, string[]][] = [
    ['afn-otel trac', ['trace', 'traces']],
    ['afn-otel traces --s', ['--since']],
    ['afn-otel slo gen', ['generate']],
    ['afn-otel slo generate --c', ['--check']],
    ['afn-otel alerts si', ['silence']],
    ['afn-otel logs ver', ['verify']],
    ['afn-otel query failed-c', ['failed-calls']],
    ['afn-otel completion f', ['fish']],
  ]

  it('in bash', async () => {
    const file = await scriptOf('bash')
    for (const [line, expected] of cases) {
      const script = `source ${file}; COMP_WORDS=(${line}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); _afn_otel; printf '%s\\n' "\${COMPREPLY[@]}"`
      const said = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' })
      expect([line, said.trim().split('\n').sort()]).toEqual([line, expected])
    }
  })

  it.skipIf(!has('fish'))('in fish', async () => {
    const file = await scriptOf('fish')
    for (const [line, expected] of cases) {
      const said = execFileSync('fish', ['--no-config', '-c', `source ${file}; complete -C '${line}'`], {
        encoding: 'utf8',
        env: { ...process.env, HOME: up.folder },
      })
      const words = said.trim().split('\n').map(word => word.split('\t')[0]!) // biome-ignore format: one line
      expect([line, words.sort()]).toEqual([line, expected])
    }
  })

  it.skipIf(!has('zsh'))('in zsh', async () => {
    const file = await scriptOf('zsh')
    // a shell each, with its own completion loaded
    for (const [line, expected] of cases.slice(0, 4)) {
      const folder = path.dirname(file)
      const out = path.join(folder, 'out')
      // what compadd gets is what zsh would offer; the second key says that it was all
      const script = `PS1='ready> '; autoload -Uz compinit; compinit -u -D; source ${file}
        compadd() { local -a found; builtin compadd -O found "$@" 2>/dev/null; print -rl -- $found >> ${out}; builtin compadd "$@" }
        _done() { print done >> ${out} }; zle -N _done; bindkey '^T' _done`
      writeFileSync(path.join(folder, '.zshrc'), script)
      const pty = `zmodload zsh/zpty; zpty afn 'ZDOTDIR=${folder} TERM=dumb zsh -i'; zpty -r -m afn said '*ready> *'
        zpty -w -n afn $'${line}\\t\\x14'; until grep -q done ${out}; do sleep 0.05; done; zpty -d afn`
      writeFileSync(out, '')
      execFileSync('zsh', ['-f', '-c', pty], { timeout: 60_000 })
      const words = readFileSync(out, 'utf8').split('\n').filter(word => word !== '' && word !== 'done') // biome-ignore format: one line
      expect([line, [...new Set(words)].sort()]).toEqual([line, expected])
    }
  })

  it('says which shells there are', async () => {
    const { code, stderr } = await up.command(['completion', 'tcsh'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('bash, zsh or fish')])
  })
})
