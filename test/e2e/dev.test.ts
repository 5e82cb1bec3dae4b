// `npm run dev` as a contributor has it: what runs, and what becomes of a change.
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { root } from '../support/packed'

const folder = mkdtempSync(path.join(tmpdir(), 'afn-dev-'))
const within = (file: string) => path.join(folder, file)
/** Replaces what stands once in a file of the clone. */
const edit = (file: string, from: string, to: string) => {
  const before = readFileSync(within(file), 'utf8')
  expect(before).toContain(from)
  writeFileSync(
    within(file),
    before.replace(from, () => to),
  )
}

let dev: ReturnType<typeof spawn>
let said = ''
const url = (name: string) => new RegExp(`^${name} +(http://127.0.0.1:\\d+)`, 'm').exec(said)?.[1] ?? ''
const soon = { timeout: 90_000, interval: 200 }

beforeAll(async () => {
  const parts = ['collector/queries', 'dist', 'docs/runbooks', 'examples', 'scripts', 'semconv', 'src', 'package.json', 'tsconfig.base.json', 'tsconfig.json'] // biome-ignore format: one line
  for (const part of parts) cpSync(path.join(root, part), within(part), { recursive: true })
  symlinkSync(path.join(root, 'node_modules'), within('node_modules'))
  dev = spawn(process.execPath, ['scripts/dev.mjs', '--port', '0'], { cwd: folder })
  for (const stream of [dev.stdout!, dev.stderr!]) stream.on('data', text => (said += text))
  await vi.waitFor(() => expect(url('API')).not.toBe(''), soon)
})
afterAll(async () => {
  const ended = new Promise(resolve => dev.once('close', resolve))
  dev.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true, force: true })
})

it('shows calls of a model in the explorer, whose page comes from the sources', async () => {
  const page = await (await fetch(url('explorer'))).text()
  expect(page).toContain('src="./main.tsx"')
  await vi.waitFor(async () => {
    const { traces } = (await (await fetch(`${url('explorer')}/api/search`)).json()) as { traces: object[] }
    expect(traces.length).toBeGreaterThan(0)
  }, soon)
})

it('answers by a changed source after a moment, and keeps what it had received', async () => {
  edit('src/backend/api/page.ts', 'not found: ${pathname}', 'nothing at ${pathname}')
  await vi.waitFor(
    async () => expect(await (await fetch(`${url('API')}/nowhere`)).text()).toContain('nothing at'),
    soon,
  )
  const { traces } = (await (await fetch(`${url('API')}/api/search`)).json()) as { traces: object[] }
  expect(traces.length).toBeGreaterThan(0)
})

it('says what is wrong with a source that cannot be built, and goes on once it is mended', async () => {
  edit('src/backend/api/page.ts', 'nothing at $', '${nothing at $')
  await vi.waitFor(() => expect(said).toMatch(/src\/backend\/api\/page\.ts:\d+:\d+: ERROR/), soon)
  expect(await (await fetch(`${url('API')}/nowhere`)).text()).toContain('nothing at')
  edit('src/backend/api/page.ts', '${nothing at $', 'still nothing at $')
  await vi.waitFor(async () => expect(await (await fetch(`${url('API')}/nowhere`)).text()).toContain('still'), soon)
})
