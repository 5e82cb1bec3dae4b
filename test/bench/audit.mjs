// `npm run bench:audit [-- ENTRIES]`: what recording an entry of the audit log costs, how many flushes to the disk the entries share,
// and how long it takes to verify a log of a million entries (or of ENTRIES). openssl reckons the codes of the same bytes beside it,
// as one stream: what hashing alone costs.
import { execFileSync } from 'node:child_process'
import fs, { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleSource } from '../support/bundle-source.mjs'

const ENTRIES = Number(process.argv[2] ?? 1_000_000)
const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))))
const outfile = path.join(root, 'test/node_modules/.cache/afn-bench/audit.cjs')
const modules = ['checkpoint', 'keys', 'log', 'verify'].map(name => `export * from './src/app/audit/${name}'`)
await bundleSource(modules.join('\n'), outfile)
const { createKeyRing, openLog, publicKeyOf, readKeyRing, verifyLog } = createRequire(import.meta.url)(outfile)

const base = mkdtempSync(path.join(tmpdir(), 'afn-bench-audit-'))
process.once('exit', () => rmSync(base, { recursive: true, force: true }))
const [folder, checkpoints, keys] = ['log', 'checkpoints', 'ring.json'].map(name => path.join(base, name))
for (const made of [folder, checkpoints]) mkdirSync(made, { mode: 0o750 })
createKeyRing(keys)

let flushes = 0
const { fdatasync } = fs
fs.fdatasync = (...args) => {
  flushes++
  return fdatasync(...args)
}
const log = openLog({
  folder,
  keys,
  checkpoints,
  whenFull: 'fail',
  retentionDays: 730,
  maxBytes: 100 * 1024 * 1024,
  now: Date.now,
  redact: value => value,
  onProblem: problem => console.error(problem),
})
let begun = process.cpuUsage()
for (let n = 0; n < ENTRIES; n += 1_000) {
  const entries = Array.from({ length: 1_000 }, (_, i) =>
    log.record({ action: 'invoice.read', actor: { id: `user-${(n + i) % 1_000}` }, details: { invoice: n + i } }),
  )
  await Promise.all(entries)
}
log.close()
const cpu = process.cpuUsage(begun)
const bytes = readdirSync(folder).reduce((sum, name) => sum + fs.lstatSync(path.join(folder, name)).size, 0)
console.log(
  `record   ${((cpu.user + cpu.system) / ENTRIES).toFixed(1)} µs of CPU an entry, ${(ENTRIES / Math.max(1, flushes)).toFixed(0)} entries a flush, ${(bytes / ENTRIES).toFixed(0)} bytes an entry`,
)

const ring = readKeyRing(keys)
begun = process.cpuUsage()
let clock = performance.now()
const options = {
  folder,
  checkpoints,
  keys: ring.keys,
  publicKey: publicKeyOf(ring),
  retentionDays: 730,
  now: Date.now(),
}
const report = verifyLog(options)
const verified = process.cpuUsage(begun)
console.log(
  `verify   ${((performance.now() - clock) / 1_000).toFixed(1)} s, ${((verified.user + verified.system) / 1e6).toFixed(1)} s of CPU for ${report.entries} entries: ${report.ok ? 'ok' : 'NOT OK'}`,
)
clock = performance.now()
const files = readdirSync(folder).filter(name => /^audit-\d/.test(name))
execFileSync('openssl', ['dgst', '-sha256', '-hmac', 'key', ...files.map(name => path.join(folder, name))], {
  stdio: 'ignore',
})
console.log(`openssl  ${((performance.now() - clock) / 1_000).toFixed(1)} s for the same bytes as one stream`)
