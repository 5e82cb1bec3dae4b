// The lease of `afn-otel reconcile` and `gdpr`, by processes that race for it. The oracle is a file that only one of them can create.
import { fork } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeLease } from '../../../src/shared/files/lease'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-lease-'))
  file = path.join(folder, 'reconcile')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const locks = () => readdirSync(folder).filter(name => name.endsWith('.lock'))
const holder = (fields: object) => JSON.stringify({ pid: process.pid, host: hostname(), ...fields })

/** Takes the lease in a loop, holds it for a moment, and lets it go or dies with it. */
const racer = `
  const { takeLease } = require(process.argv[2])
  const fs = require('node:fs')
  const [, , , file, rounds] = process.argv
  let taken = 0, together = 0
  for (let n = 0; taken < Number(rounds); n++) {
    const lease = takeLease(file, 'move it')
    if (!lease) continue
    taken++
    try { fs.writeFileSync(file + '.held', '', { flag: 'wx' }) } catch { together++ }
    for (const until = performance.now() + Math.random(); performance.now() < until; );
    if (!lease.isHeld()) together++
    fs.rmSync(file + '.held', { force: true })
    if (taken % 2) { lease.release(); continue }
    const own = fs.readdirSync(require('node:path').dirname(file)).filter(name => name.endsWith('.lock'))
      .sort((a, b) => Number(/(\\d+)\\.lock/.exec(b)[1]) - Number(/(\\d+)\\.lock/.exec(a)[1]))[0]
    fs.writeFileSync(require('node:path').join(require('node:path').dirname(file), own), JSON.stringify({ pid: 2 ** 30, host: require('node:os').hostname() }))
  }
  process.send({ taken, together })
  process.exit()
`

describe('the lease of a thing that one process at a time works on', () => {
  it('is never held by two, whether its holder lets it go or dies', async () => {
    const bundle = path.join(folder, 'lease.cjs')
    await build({
      entryPoints: [path.resolve('src/shared/files/lease.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'cjs',
    })
    writeFileSync(path.join(folder, 'racer.cjs'), racer)
    const race = () =>
      new Promise<{ taken: number; together: number }>((resolve, reject) => {
        const child = fork(path.join(folder, 'racer.cjs'), [bundle, file, '150'])
        child.once('message', resolve as never).once('error', reject)
      })
    const results = await Promise.all([race(), race(), race()])
    expect(results).toEqual(Array.from({ length: 3 }, () => ({ taken: 150, together: 0 })))
  })

  it('is refused while its holder lives, and free when it lets go', () => {
    const lease = takeLease(file, 'move it')
    expect(lease?.isHeld()).toBe(true)
    expect(takeLease(file, 'move it')).toBeUndefined()
    lease!.release()
    expect(takeLease(file, 'move it')?.isHeld()).toBe(true)
    expect(locks()).toHaveLength(1)
  })

  it('is taken over from a process that is gone, and from one that has written nothing for two minutes', () => {
    writeFileSync(`${file}.3.lock`, holder({ pid: 2 ** 30 }))
    const one = takeLease(file, 'move it')
    expect(one?.isHeld()).toBe(true)
    const [name] = locks()
    const longAgo = new Date(Date.now() - 121_000)
    utimesSync(path.join(folder, name!), longAgo, longAgo)
    const other = takeLease(file, 'move it')
    expect(other?.isHeld()).toBe(true)
    // the one that slept must not go on, and must not take the lease of the other with it
    expect(one?.isHeld()).toBe(false)
    one!.release()
    expect(other?.isHeld()).toBe(true)
  })

  it('is not taken over from another machine that shares the folder, whatever runs here', () => {
    writeFileSync(`${file}.1.lock`, holder({ pid: 2 ** 30, host: 'elsewhere' }))
    expect(takeLease(file, 'move it')).toBeUndefined()
  })
})
