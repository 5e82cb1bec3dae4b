// One person of ten leaves every store of a machine whose `afn-otel up` runs: 20 of 200 in full, 2 of 20 in short. Oracles: grep over all
// folders, and what the stores have of the others, before and after, byte for byte.
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { clock, contentOf, foundIn, idOf, logsOf, mailOf, makeMachine, tracesOf } from '../support/gdpr-machine'
import { isLong } from '../support/long'
import { makeApp } from '../support/packed'
import { run } from '../support/run'
import { type RunningUp, startUp, upFolder } from '../support/up'

const app = makeApp({ files: { 'clock.cjs': clock }, modules: { '@duckdb/node-api': '@duckdb/node-api' } })
const persons = Array.from({ length: isLong('gdpr') ? 200 : 20 }, (_, person) => person)
const gone = persons.filter(person => person % 10 === 7)
const others = persons.filter(person => person % 10 !== 7)

const post = (up: RunningUp, question: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${up.url}/api/afn/subject/${question}`, { method: 'POST', body: JSON.stringify(body), headers })

it(
  'one person of ten is in no byte of any store while up runs, and the others lose nothing',
  async () => {
    const machine = await makeMachine(persons)
    const args = ['--data', machine.at('data')]
    let up = await startUp(args, { folder: upFolder() })
    const now = Date.now()
    expect((await up.post('traces', tracesOf(persons, now))).status).toBe(200)
    expect((await up.post('logs', logsOf(persons, now))).status).toBe(200)
    await up.stop()
    const before = await contentOf(machine, others)
    expect(before.rows.length).toBe(others.length * 7)
    expect(foundIn(machine.folder, gone).length).toBe(gone.length * 4)

    up = await startUp(args, { folder: upFolder() })
    const command = (args: string[], aheadMs: number) =>
      run(app, ['--require', path.join(app, 'clock.cjs'), 'node_modules/@afn/otel/dist/cli.cjs', 'gdpr', ...args], {
        env: { ...machine.env, AFN_TEST_AHEAD: String(aheadMs) },
        limitMs: 300_000,
      })
    const proof = ['--proof', 'ticket 4711', '--key-file', machine.at('keys/earlier.key')]
    for (const person of gone) {
      const { code, stdout } = await command(
        ['erase', '--subject', idOf(person), '--subject', mailOf(person), ...proof],
        0,
      )
      expect([person, code, /embedded: erase-again, 7 records found/.test(stdout)]).toEqual([person, 3, true])
    }
    for (let runs = 1; (await command(['resume', '--proof', 'job'], runs * 120_000)).code !== 0; runs++)
      expect(runs).toBeLessThan(8)
    expect((await command(['status'], 0)).code).toBe(0)
    await up.stop()

    expect(foundIn(machine.folder, gone)).toEqual([])
    expect(await contentOf(machine, others)).toEqual(before)
  },
  isLong('gdpr') ? 3_600_000 : 240_000,
)

describe('the questions of an erasure to a running up', () => {
  const target = {
    identity: { identifiers: [{ kind: 'user.id', value: 'person-0001' }], pseudonyms: [] },
    traceIds: [],
  }

  it('are answered to who brings the token of its folder, and to nobody else', async () => {
    const machine = await makeMachine([1, 2])
    const up = await startUp(['--data', machine.at('data')], { folder: upFolder() })
    await up.post('traces', tracesOf([1, 2], Date.now()))
    const file = machine.at('data/up.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { token, url } = JSON.parse(readFileSync(file, 'utf8'))
    expect(url).toBe(up.url)
    const own = { authorization: `Bearer ${token}` }
    expect((await post(up, 'erase', target)).status).toBe(401)
    expect((await post(up, 'erase', target, { authorization: 'Bearer x' })).status).toBe(401)
    expect((await post(up, 'erase', target, { ...own, origin: 'https://evil.example' })).status).toBe(403)
    expect((await fetch(`${up.url}/api/afn/subject/find`, { headers: own })).status).toBe(405)
    expect((await post(up, 'drop', target, own)).status).toBe(404)
    for (const wrong of [
      null,
      {},
      { identity: { identifiers: [], pseudonyms: [] }, traceIds: [] },
      { ...target, traceIds: ['1) OR (true'] },
    ])
      expect([wrong, (await post(up, 'erase', wrong, own)).status]).toEqual([wrong, 400])
    const quote = {
      identity: { identifiers: [{ kind: 'user.id', value: "x') OR ('a' = 'a" }], pseudonyms: [] },
      traceIds: [],
    }
    expect(await (await post(up, 'find', quote, own)).json()).toMatchObject({ records: 0 })
    expect(await (await post(up, 'find', target, own)).json()).toMatchObject({ records: 2 })
    expect((await post(up, 'erase', target, own)).status).toBe(200)
    expect(await (await post(up, 'verify', target, own)).json()).toEqual({ records: 0 })
    await up.stop()
    expect(() => statSync(file)).toThrow('ENOENT')
  })

  it('are answered by one that has nothing on the disk to who brings the token of its API', async () => {
    const open = await startUp(['--memory'], { folder: upFolder() })
    expect((await post(open, 'find', target)).status).toBe(403)
    await open.stop()
    const closed = await startUp(['--memory'], { folder: upFolder(), env: { AFN_LOCAL_TOKEN: 'secret' } })
    expect((await post(closed, 'find', target)).status).toBe(401)
    expect((await post(closed, 'find', target, { authorization: 'Bearer secret' })).status).toBe(200)
    await closed.stop()
  })
})
