// `npm run bench:logs [-- KILLS]`: lines that are lost by kill -9 and by a full disk that is freed again, and what a line costs: ours beside pino
// (synchronous, asynchronous, in a worker), pino-roll and winston-daily-rotate-file, each in a process of its own, in one run. Lines have
// numbers: what the app has said it logged and no file has is lost. The full disk is a tmpfs of 3 MB, which only root may mount.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { installOnce } from '../support/install.mjs'

const kills = Number(process.argv[2] ?? 3)
const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(path.dirname(here))
execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' })

const base = mkdtempSync(path.join(tmpdir(), 'afn-bench-logs-'))
process.once('exit', () => rmSync(base, { recursive: true, force: true }))
const modules = path.join(base, 'node_modules')
mkdirSync(path.join(modules, '@afn'), { recursive: true })
const peers = path.join(installOnce(path.join(here, 'logs/package.json'), 'bench-logs'), 'node_modules')
for (const name of readdirSync(peers)) symlinkSync(path.join(peers, name), path.join(modules, name))
mkdirSync(path.join(modules, '@afn/otel'))
for (const part of ['dist', 'package.json']) symlinkSync(path.join(root, part), path.join(modules, '@afn/otel', part))
cpSync(path.join(here, 'logs/app.cjs'), path.join(base, 'app.cjs'))

const kinds = [
  'pino sync',
  'pino async',
  'pino async 4096',
  'pino worker',
  'pino-roll worker',
  'pino-roll',
  'winston',
  'ours',
]
/** An app that has not ended by then hangs. */
const LONGEST_MS = 20_000

/** @returns what the app said, and how it ended */
function app(kind, mode, folder, onOutput = () => {}) {
  const child = spawn(process.execPath, ['--preserve-symlinks', path.join(base, 'app.cjs'), kind, mode, folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH },
  })
  const limit = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS)
  let said = ''
  child.stdout.on('data', chunk => {
    said += chunk
    onOutput(said, child)
  })
  return new Promise(resolve =>
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      resolve({ said: said.trim().split('\n'), code, signal })
    }),
  )
}

/** How many of the lines 0 to `count` no file has. */
function lost(folder, count) {
  const found = new Set()
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue
    for (const [, n] of readFileSync(path.join(folder, entry.name), 'utf8').matchAll(/"n":(\d+)[^\n]*\n/g))
      found.add(Number(n))
  }
  let missing = 0
  for (let n = 0; n < count; n++) if (!found.has(n)) missing++
  return missing
}

const folderOf = name => {
  const folder = path.join(base, name)
  mkdirSync(folder, { recursive: true })
  return folder
}

async function killed(kind) {
  const results = []
  for (let round = 0; round < kills; round++) {
    const folder = folderOf(`kill-${kind}-${round}`)
    let isKilled = false
    const { said } = await app(kind, 'kill', folder, (said, child) => {
      if (isKilled || said.split('\n').length < 100) return
      isKilled = true
      child.kill('SIGKILL')
    })
    results.push(lost(folder, Number(said.at(-1))))
  }
  return results.join(' + ')
}

async function filled(kind) {
  const disk = folderOf('disk')
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m,mode=0750', 'tmpfs', disk], { stdio: 'ignore' })
  } catch {
    return 'not measured: only root may mount a tmpfs'
  }
  try {
    const folder = path.join(disk, 'logs')
    mkdirSync(folder)
    const { said, code, signal } = await app(kind, 'full', folder)
    const count = Number(said.at(-1))
    if (signal) return 'hangs'
    return `${code === 0 ? '' : 'dies, '}${lost(folder, count)} of ${count} lost`
  } finally {
    execFileSync('umount', ['-l', disk])
  }
}

async function cost(kind) {
  const { said } = await app(kind, 'cost', folderOf(`cost-${kind}`))
  return Object.fromEntries(said.map(text => JSON.parse(text)).map(({ name, ...figures }) => [name, figures]))
}

if (!existsSync(path.join(root, 'dist/logs.cjs'))) throw new Error('there is no build')
const costs = {}
for (const kind of kinds) costs[kind] = await cost(kind)
for (const kind of kinds) {
  const figures = Object.entries(costs[kind]).map(([name, { wall, cpu }]) => {
    const plain = costs['pino sync'][name]
    return `${name} ${wall.toFixed(1)} µs (${(wall / plain.wall).toFixed(2)}), CPU ${cpu.toFixed(1)} (${(cpu / plain.cpu).toFixed(2)})`
  })
  console.log(`${kind.padEnd(16)} a line: ${figures.join('; ')}`)
}
for (const kind of kinds) {
  const byKill = await killed(kind)
  const [alone, listening] = [await filled(kind), kind === 'ours' ? undefined : await filled(`${kind}+listener`)]
  console.log(
    `${kind.padEnd(16)} kill -9: ${byKill} lost; full disk: ${alone}${listening ? `; with a listener for errors: ${listening}` : ''}`,
  )
}
