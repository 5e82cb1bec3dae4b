// Which processes of an app run without this package: real ones, since what tells them apart is what the system says of them.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untracedChildren } from '../../../src/cli/untraced-children'

describe.skipIf(!existsSync('/proc/self/stat'))('a launcher whose child gets another environment', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn children (1) '))
  const preload = path.join(folder, 'preload.cjs')
  let launcher: ChildProcess
  let pids: Record<string, number>

  beforeAll(async () => {
    writeFileSync(preload, '')
    const child = `console.log('up'); setInterval(() => {}, 1e6)`
    writeFileSync(
      path.join(folder, 'launcher.cjs'),
      `const { spawn } = require('child_process')
      const start = (name, args, env) => new Promise(resolve => {
        const child = spawn(process.execPath, [...args, '-e', ${JSON.stringify(child)}, name], { env })
        child.stdout.once('data', () => resolve([name, child.pid]))
      })
      Promise.all([
        start('bare', [], {}),
        start('inherits', [], process.env),
        start('flag', ['--require', ${JSON.stringify(preload)}], {}),
      ]).then(all => console.log(JSON.stringify(Object.fromEntries(all))))`,
    )
    launcher = spawn(process.execPath, [path.join(folder, 'launcher.cjs')], {
      env: { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = await once(launcher.stdout!, 'data')
    pids = JSON.parse(String(said))
  })
  afterAll(() => {
    for (const pid of [...Object.values(pids), launcher.pid!]) process.kill(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it('is not named, or a child that is traced is', () => {
    const found = untracedChildren(process.pid, preload).filter(({ command }) =>
      /bare|inherits|flag|launcher/.test(command),
    )
    expect(found.map(({ pid }) => pid)).toEqual([pids.bare])
    expect(found[0]?.command).toMatch(/^.*node -e .* bare$/)
  })

  it('has children where no process is', () => {
    expect(untracedChildren(0x7ffffff0, preload)).toEqual([])
  })
})
