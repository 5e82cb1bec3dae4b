// The README's way to the first own trace, word for word: a clone, an app that knows nothing of us, three commands. What they took is printed.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { isLong } from '../support/long'
import { root } from '../support/packed'

const scratch = mkdtempSync(path.join(tmpdir(), 'afn-readme-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const APP = `const server = require('node:http').createServer((request, response) => response.end('hello'))
server.listen(0, '127.0.0.1', () => fetch('http://127.0.0.1:' + server.address().port + '/greeting'))`

/** The tracked files as they are now. */
function clone(): string {
  const folder = path.join(scratch, 'clone')
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
  for (const file of files) cpSync(path.join(root, file), path.join(folder, file))
  return folder
}

/** The commands of the first block below a heading, without their comments. */
function commandsBelow(heading: string): string[] {
  const [, text = ''] = readFileSync(path.join(root, 'README.md'), 'utf8').split(`\n## ${heading}\n`)
  const [, block = ''] = /^```sh\n([\s\S]*?)^```$/m.exec(text) ?? []
  return block
    .trim()
    .split('\n')
    .map(line => line.replace(/\s+#\s.*$/, ''))
}

describe.runIf(isLong('readme'))("the README's commands", () => {
  it('lead to no trace of an app, or are more than three', { timeout: 1_800_000 }, async () => {
    const [make, install, start, ...more] = commandsBelow('Use it') as [string, string, string]
    expect(more).toEqual([])
    const here = clone()
    const app = path.join(scratch, 'app')
    mkdirSync(app)
    writeFileSync(path.join(app, 'package.json'), '{"name": "shop"}')
    writeFileSync(path.join(app, 'app.js'), APP)
    const env = { ...process.env, HOME: scratch, BROWSER: 'none', npm_config_cache: npmCache() }
    const began = Date.now()
    execFileSync('sh', ['-c', make], { cwd: here, env, stdio: 'pipe' })
    execFileSync('sh', ['-c', install.replace('/path/to', here)], { cwd: app, env, stdio: 'pipe' })
    const said = await firstTrace(start, app, env)
    console.log(`from the clone to the first own trace: ${Math.round((Date.now() - began) / 1_000)} s`)
    expect(said).toMatch(/first trace http:\/\/127\.0\.0\.1:\d+\/#\/trace\/[\da-f]{32}/)
  })
})

/** The home of the commands is another one. */
const npmCache = (): string => execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim()

/** @returns what was said on stderr, until the first trace is there or the command has ended */
function firstTrace(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  // a group of its own, as of a terminal: Ctrl+C reaches npx, the command and the app
  const child = spawn('sh', ['-c', command], { cwd, env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (/first trace \S+\n/.test(said)) process.kill(-child.pid!, 'SIGINT')
  })
  return new Promise(resolve => child.once('close', () => resolve(said)))
}
