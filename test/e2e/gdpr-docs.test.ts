// Every command of docs/gdpr.md is run as it stands there, by bash, over a store of this machine. A clock that is two hours later for each command
// stands in for the days in which a request is open. The Japanese page has the same commands.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { openStore } from '../../src/backend/store/store'
import { root } from '../support/packed'

const pageOf = (name: string) => readFileSync(path.join(root, 'docs', name), 'utf8')
const blocksOf = (name: string) => [...pageOf(name).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!)
const blocks = blocksOf('gdpr.md')

/** Loaded before the command. */
const clock = `
const hours = Number(require('node:fs').readFileSync(process.env.COMMANDS, 'utf8').split('\\n').length - 1) * 2
const Real = Date
globalThis.Date = class extends Real {
  constructor(...values) { if (values.length > 0) super(...values); else super(Date.now()) }
  static now() { return Real.now() + hours * 3_600_000 }
}`

async function makeMachine() {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-gdpr-docs-'))
  const at = (name: string) => path.join(folder, name)
  for (const name of ['etc/app', 'var/lib/app', 'var/log/app', 'data', 'logs']) mkdirSync(at(name), { recursive: true })
  const persons = ['person-4711', ...Array.from({ length: 19 }, (_, n) => `person-${1_000 + n}`)]
  const now = String(BigInt(Date.now()) * 1_000_000n)
  const spans = persons.map((person, n) => ({
    traceId: `${n + 1}`.padStart(32, '0'),
    spanId: '1'.padStart(16, '0'),
    name: 'chat',
    startTimeUnixNano: now,
    endTimeUnixNano: now,
    attributes: [{ key: 'user.id', value: { stringValue: person } }],
  }))
  const store = await openStore({ path: at('data/afn.duckdb') })
  await store.write('traces', { resourceSpans: [{ scopeSpans: [{ spans }] }] })
  await store.close()
  writeFileSync(at('logs/info-2026-11-28-1.log'), '{"msg":"mail to bob@example.com"}\n{"msg":"hello"}\n')
  writeFileSync(at('clock.cjs'), clock)
  writeFileSync(at('commands'), '')
  return { folder, at }
}

it('the commands of the page take a person out of a machine, from the keys to the receipt, and the Japanese page has the same', async () => {
  expect(blocksOf('ja/gdpr.md')).toEqual(blocks)
  expect(blocks).toHaveLength(7)
  const { folder, at } = await makeMachine()
  const exports = blocks[0]!.split('\n').filter(line => line.startsWith('export '))
  /** @returns the exit code of each command of ours, and what was printed */
  const run = (block: string) => {
    const before = readFileSync(at('commands'), 'utf8').split('\n').length - 1
    const script = [
      `afn-otel() { "$NODE" --require ./clock.cjs "$CLI" "$@"; local code=$?; echo $code >> "$COMMANDS"; return $code; }`,
      ...exports,
      block,
    ].join('\n')
    const here = script.replaceAll('/etc/app', at('etc/app')).replaceAll('/var/', `${at('var')}/`)
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      NODE: process.execPath,
      CLI: path.join(root, 'dist/cli.cjs'),
      COMMANDS: at('commands'),
      AFN_DATA_DIR: at('data'),
      AFN_LOG_DIR: at('logs'),
    }
    const { stdout, stderr } = spawnSync('bash', ['-c', here], { cwd: folder, env, encoding: 'utf8' })
    const codes = readFileSync(at('commands'), 'utf8').trim().split('\n').slice(before)
    return { codes: codes.map(Number), stdout, stderr }
  }
  const grep = (word: string) => spawnSync('grep', ['-rqa', word, at('data'), at('logs'), at('var')]).status === 0

  expect(run(blocks[0]!)).toMatchObject({ codes: [0, 0], stderr: '' })
  expect(readFileSync(at('gdpr-public.pem'), 'utf8')).toContain('BEGIN PUBLIC KEY')
  const count = run(blocks[1]!)
  expect([count.codes, count.stdout]).toEqual([[0], expect.stringContaining('embedded: erase, 1 records found')])
  expect(grep('person-4711')).toBe(true)
  expect(run(blocks[2]!).codes).toEqual([0])
  expect(readFileSync(at('request-815/records.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2)
  expect(run(blocks[3]!).codes).toEqual([3])
  // the hourly job: the second pass, then the last question
  const hours = [run(blocks[4]!), run(blocks[4]!)]
  expect(hours.map(({ codes }) => codes).at(-1)).toEqual([0, 0])
  expect(hours.at(-1)!.stdout).toMatch(/ done, received 2026-11-28, due 2026-12-28/)
  const end = run(blocks[5]!)
  expect([end.codes, end.stdout.trim()]).toEqual([[0, 0], 'ok'])
  const { receipt } = JSON.parse(readFileSync(at('receipt-815.json'), 'utf8'))
  expect(
    receipt.stores.map(({ store, found, remaining }: Record<string, unknown>) => [store, found, remaining]),
  ).toEqual([
    ['spool', 0, 0],
    ['embedded', 1, 0],
    ['log-files', 1, 0],
    ['audit', 0, 0],
  ])
  expect(receipt.elsewhere.map(({ what }: { what: string }) => what)).toContain('backups')
  for (const word of ['person-4711', 'bob@example.com']) expect([word, grep(word)]).toEqual([word, false])
  expect(grep('person-1000')).toBe(true)

  const objection = run(blocks[6]!)
  expect([objection.codes, objection.stderr]).toEqual([[0, 0, 0], ''])
  const counts = [...objection.stdout.matchAll(/suppressed\.json: (\d+) ids, key/g)].map(([, count]) => Number(count))
  expect([counts[0] === counts[1], counts[0]! > 0, counts[2]]).toEqual([true, true, 0])
  expect(readFileSync(at('var/lib/app/suppressed.json'), 'utf8')).not.toMatch(/person-4711|bob@/)
  // fourteen processes, each of which loads DuckDB: seconds each on a busy machine
}, 600_000)
