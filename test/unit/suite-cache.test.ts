// What the suites install is installed once, however many files of a run want it at the same time.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'

const scratch = mkdtempSync(path.join(tmpdir(), 'afn-suite-cache-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
const cache = path.resolve(import.meta.dirname, '../support/cache.mjs')

/** A process that wants the folder, and takes a while to fill it. */
const wanting = (folder: string): Promise<number | null> => {
  const code = `import { makeOnce } from ${JSON.stringify(cache)}
    import { appendFileSync, writeFileSync, readFileSync } from 'node:fs'
    makeOnce(${JSON.stringify(folder)}, unfinished => {
      appendFileSync(${JSON.stringify(`${folder}.log`)}, 'made ')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
      writeFileSync(unfinished + '/file', 'whole')
    })
    process.exitCode = readFileSync(${JSON.stringify(folder)} + '/file', 'utf8') === 'whole' ? 0 : 1`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'inherit' })
  return new Promise(resolve => child.once('close', resolve))
}

it('three that want it at once find it whole, and one of them made it', async () => {
  const folder = path.join(scratch, 'once/key')
  mkdirSync(path.dirname(folder))
  expect(await Promise.all([wanting(folder), wanting(folder), wanting(folder)])).toEqual([0, 0, 0])
  expect(readFileSync(`${folder}.log`, 'utf8')).toBe('made ')
  expect(readdirSync(path.dirname(folder)).sort()).toEqual(['key', 'key.log'])
})

it('one that was killed while it made it holds up nobody', async () => {
  const folder = path.join(scratch, 'killed/key')
  mkdirSync(path.dirname(folder))
  const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await new Promise(resolve => gone.once('close', resolve))
  writeFileSync(`${folder}.lock`, `${gone.pid}`)
  expect(await wanting(folder)).toBe(0)
})
