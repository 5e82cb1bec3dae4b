// The audit log of an app that is killed, that runs twice, whose disk is full, and the command that looks after it. The oracles: what
// the app printed after each promise (an acknowledged entry), a real tmpfs of 3 MB, and jq.
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { onFullDisk } from '../support/full-disk'
import { makeApp } from '../support/packed'

const app = makeApp({
  files: {
    // prints the number of each entry that was acknowledged
    'load.cjs': `const { auditLog } = require('@afn/otel/audit')
      const audit = auditLog()
      const [name, most] = process.argv.slice(2)
      const one = async n => {
        await audit.record({ action: 'thing.done', actor: { id: name }, details: { n } })
        require('fs').writeSync(1, n + '\\n')
      }
      ;(async () => {
        for (let n = 0; n < Number(most); n += 20) await Promise.all(Array.from({ length: 20 }, (_, i) => one(n + i)))
      })()`,
  },
  modules: { '@opentelemetry/api': '@opentelemetry/api' },
})
const cli = path.join(app, 'node_modules/@afn/otel/dist/cli.cjs')
const exec = promisify(execFile)
const hasJq = spawnSync('jq', ['--version']).status === 0
if (!hasJq) console.log('skipped: jq: not installed')

interface Place {
  AFN_AUDIT_DIR: string
  AFN_AUDIT_KEYS: string
  AFN_AUDIT_CHECKPOINTS: string
}

function place(dir?: string): Place {
  const base = mkdtempSync(path.join(tmpdir(), 'afn-audit-'))
  const folder = dir ?? path.join(base, 'log')
  const checkpoints = path.join(base, 'checkpoints')
  for (const made of [folder, checkpoints]) mkdirSync(made, { recursive: true, mode: 0o750 })
  const env = {
    AFN_AUDIT_DIR: folder,
    AFN_AUDIT_KEYS: path.join(base, 'ring.json'),
    AFN_AUDIT_CHECKPOINTS: checkpoints,
  }
  execFileSync(process.execPath, [cli, 'audit', 'init'], { env: { ...process.env, ...env } })
  return env
}

async function audit(env: Place, ...args: string[]) {
  const options = { env: { ...process.env, ...env }, maxBuffer: 100_000_000 }
  const { stdout } = await exec(process.execPath, [cli, 'audit', ...args], options).catch(error => error)
  return stdout as string
}

/** Numbers by who recorded them, in clear. */
async function recorded(env: Place): Promise<Record<string, number[]>> {
  const names: Record<string, number[]> = {}
  for (const line of (await audit(env, 'export')).trimEnd().split('\n')) {
    const { action, actor, details } = JSON.parse(line)
    if (action === 'thing.done' && actor) names[actor.id] = [...(names[actor.id] ?? []), details.n]
  }
  return names
}

/** Starts the app and kills it once it has acknowledged so many entries. */
function killedAfter(env: Place, name: string, entries: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['load.cjs', name, '1000000'], { cwd: app, env: { ...process.env, ...env } })
    let out = ''
    let errors = ''
    child.stdout.on('data', data => {
      out += data
      if (out.split('\n').length > entries) child.kill('SIGKILL')
    })
    child.stderr.on('data', data => {
      errors += data
    })
    child.on('close', (_, signal) =>
      signal === 'SIGKILL' ? resolve(out.trimEnd().split('\n').map(Number)) : reject(new Error(errors)),
    )
  })
}

it('no acknowledged entry is lost or doubled by kill -9 of two processes in one folder, and the log verifies', async () => {
  const env = place()
  const acknowledged = await Promise.all([killedAfter(env, 'ann', 900), killedAfter(env, 'bob', 700)])
  const found = await recorded(env)
  for (const [index, name] of ['ann', 'bob'].entries()) {
    const numbers = found[name]!
    expect(new Set(numbers).size).toBe(numbers.length)
    const there = new Set(numbers)
    expect(acknowledged[index]!.filter(number => !there.has(number))).toEqual([])
  }
  expect(JSON.parse(await audit(env, 'verify', '--json'))).toMatchObject({ ok: true, findings: [] })
})

it('a line that a power cut has torn is cut off by the next process, and recorded', async () => {
  const env = place()
  await killedAfter(env, 'ann', 40)
  const [file] = readdirSync(env.AFN_AUDIT_DIR).filter(name => name.startsWith('audit-'))
  appendFileSync(path.join(env.AFN_AUDIT_DIR, file!), '{"v":1,"chain":"00')
  expect(JSON.parse(await audit(env, 'verify', '--json'))).toMatchObject({ ok: false, findings: [{ kind: 'torn' }] })
  await audit(env, 'hold')
  await audit(env, 'hold', '--reason', 'case 17')
  expect(JSON.parse(await audit(env, 'verify', '--json'))).toMatchObject({ ok: true, repaired: 1 })
})

it.skipIf(!hasJq)('the lines are JSON for jq, and audit-chain.log is the newest of them', async () => {
  const env = place()
  await killedAfter(env, 'ann', 20)
  const link = path.join(env.AFN_AUDIT_DIR, 'audit-chain.log')
  const actions = execFileSync('jq', ['-r', '.action', link]).toString().trimEnd().split('\n')
  expect(new Set(actions)).toEqual(new Set(['audit.opened', 'thing.done']))
})

it('the command names what was changed, who read the log, and erases a person', async () => {
  const env = place()
  await killedAfter(env, 'ann', 60)
  expect(await audit(env, 'erase', 'ann')).toMatch(/^erased/)
  expect((await recorded(env)).ann).toBeUndefined()
  const readers = (await audit(env, 'export')).split('\n').filter(line => line.includes('audit-log.export'))
  expect(readers.length).toBeGreaterThanOrEqual(2)
  expect(readers[0]).toMatch(/os-user:/)
  const name = readdirSync(env.AFN_AUDIT_DIR).find(file =>
    readFileSync(path.join(env.AFN_AUDIT_DIR, file)).includes('thing.done'),
  )!
  const file = path.join(env.AFN_AUDIT_DIR, name)
  const lines = readFileSync(file, 'utf8').split('\n')
  lines[5] = lines[5]!.replace('thing.done', 'thing.gone')
  writeFileSync(file, lines.join('\n'))
  const options = { env: { ...process.env, ...env } }
  const failed = await exec(process.execPath, [cli, 'audit', 'verify'], options).catch(error => error)
  expect([failed.code, failed.stdout]).toEqual([
    1,
    expect.stringMatching(/^edited: chain [\da-f]{8}, entry 5 \(audit-.*:6\)\n1 findings/),
  ])
})

onFullDisk('3m', disk => {
  // records until an entry was refused three times, makes room, and records 200 more
  const script = `const { auditLog, AuditError } = require('@afn/otel/audit'), fs = require('fs')
    const audit = auditLog()
    const ballast = process.argv[2]
    fs.writeFileSync(ballast, Buffer.alloc(1 << 20))
    const count = { before: 0, refused: 0, after: 0 }
    ;(async () => {
      while (count.after < 200) {
        try {
          await audit.record({ action: 'thing.done', actor: { id: 'ann' }, details: { text: 'x y '.repeat(200) } })
          count[count.refused ? 'after' : 'before']++
        } catch (error) {
          if (!(error instanceof AuditError)) throw error
          count.code = error.code
          if (++count.refused === 3) fs.rmSync(ballast)
        }
      }
      console.log(JSON.stringify(count))
    })()`
  let folder: string
  beforeAll(() => {
    writeFileSync(path.join(app, 'full.cjs'), script)
    folder = path.join(disk.folder, 'log')
  })

  it('a full disk refuses entries by a typed error, nothing of what was kept is lost, and the log goes on when there is room', async () => {
    const env = place(folder)
    const ballast = path.join(disk.folder, 'ballast')
    const options = { cwd: app, env: { ...process.env, ...env } }
    const { stdout } = await exec(process.execPath, ['full.cjs', ballast], options)
    const { before, refused, after, code } = JSON.parse(stdout)
    expect([refused, after, code]).toEqual([3, 200, 'full'])
    expect(before).toBeGreaterThan(500)
    const report = JSON.parse(await audit(env, 'verify', '--json'))
    expect(report).toMatchObject({ ok: true, entries: 1 + before + after })
  })
})
