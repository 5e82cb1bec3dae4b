// `afn-otel run APP`: the app is the one that it is without us, and its first trace is in the explorer. What the app alone does, as a child of
// this test, is the oracle.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { type RunOptions, run } from '../support/run'

const cli = 'node_modules/@afn/otel/dist/cli.cjs'

const makeFolder = (files: Record<string, string>) =>
  makeApp({ files, modules: { '@duckdb/node-api': '@duckdb/node-api' } })

/** The same twice: by Node alone, and by `afn-otel run`. */
async function both(files: Record<string, string>, args: readonly string[], options: RunOptions = {}) {
  const folder = makeFolder(files)
  const env = { HOME: folder, ...options.env }
  const alone = await run(folder, [...args], { ...options, env })
  const beside = await run(folder, [cli, 'run', '--port', '0', '--memory', ...args], { ...options, env })
  return { alone, beside }
}

describe('afn-otel run', () => {
  it('changes arguments, stdout, exit code or file mode mask of the app', async () => {
    const app = `const fs = require('fs')
      console.log(JSON.stringify({ args: process.argv.slice(2), mask: process.umask(), main: require.main === module }))
      fs.writeSync(2, 'on stderr\\n')
      process.exitCode = 7`
    const { alone, beside } = await both({ 'app.cjs': app }, ['app.cjs', '--port', '1', '-x', '--', 'last'])
    expect([beside.code, beside.signal, beside.stdout]).toEqual([alone.code, alone.signal, alone.stdout])
    expect(alone.code).toBe(7)
    const others = beside.stderr.split('\n').filter(line => line && !line.startsWith('afn-otel run: '))
    expect(others).toEqual(['on stderr'])
  })

  it('passes a signal on twice or not at all, or ends before the app does', async () => {
    const app = `let times = 0
      const open = setInterval(() => {}, 1000)
      process.on('SIGTERM', () => {
        console.log('SIGTERM ' + ++times)
        setTimeout(() => { clearInterval(open); console.log('done'); process.exitCode = 9 }, 300)
      })
      console.log('ready')`
    const { alone, beside } = await both({ 'app.cjs': app }, ['app.cjs'], { onReady: child => child.kill('SIGTERM') })
    expect([beside.code, beside.signal, beside.stdout]).toEqual([alone.code, alone.signal, alone.stdout])
    expect(alone).toMatchObject({ code: 9, stdout: 'ready\nSIGTERM 1\ndone\n' })
  })

  it('is silent where a launcher gave its child no package and nothing came for 20 seconds', async () => {
    const app = `const { spawn } = require('child_process')
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 1e6)', 'served'], { env: {} })
      setTimeout(() => child.kill(), 35_000)`
    const folder = makeFolder({ 'app.cjs': app })
    const args = [cli, 'run', '--port', '0', '--memory', 'app.cjs']
    const { stderr } = await run(folder, args, { env: { HOME: folder } })
    expect(stderr).toMatch(/no trace yet: process \d+ \(.*node -e .* served\) was started without this package/)
  }, 120_000)

  it('hides that a signal ended the app', async () => {
    const app = `setInterval(() => {}, 1000); console.log('ready'); process.kill(process.pid, 'SIGKILL')`
    const { alone, beside } = await both({ 'app.cjs': app }, ['app.cjs'])
    expect([beside.code, beside.signal]).toEqual([alone.code, alone.signal])
    expect(alone.signal).toBe('SIGKILL')
  })

  it('opens no browser on the first trace, or one whose trace is not there', async () => {
    const app = `import http from 'node:http'
      import { existsSync } from 'node:fs'
      const server = http.createServer((_, response) => response.end('hello'))
      server.listen(0, '127.0.0.1', async () => {
        await fetch('http://127.0.0.1:' + server.address().port + '/greeting')
        const opened = setInterval(() => {
          if (!existsSync('opened')) return
          clearInterval(opened)
          server.close()
        }, 50)
      })`
    const folder = makeFolder({
      'app.mjs': app,
      // asks for the trace that it is to show
      'browser.cjs': `#!${process.execPath}
        const url = new URL(process.argv[2])
        fetch(url.origin + '/api/v2/traces/' + url.hash.replace('#/trace/', ''), { headers: { accept: 'application/json' } })
          .then(answer => answer.text())
          .then(text => require('fs').writeFileSync('opened', text))`,
    })
    const browser = path.join(folder, 'browser.cjs')
    chmodSync(browser, 0o755)
    const { code, stderr } = await run(folder, [cli, 'run', '--port', '0', '--memory', '--open', 'app.mjs'], {
      env: { HOME: folder, BROWSER: browser },
    })
    expect(stderr).toMatch(/^afn-otel run: first trace http:\/\/127\.0\.0\.1:\d+\/#\/trace\/[\da-f]+$/m)
    expect(code).toBe(0)
    expect(readFileSync(path.join(folder, 'opened'), 'utf8')).toContain('/greeting')
  })

  it('starts no command of npm with the preload', async () => {
    const folder = makeFolder({
      'app.cjs': `console.log(process.argv[2] + ' ' + require('@afn/otel').status().state)`,
    })
    writeFileSync(
      path.join(folder, 'package.json'),
      JSON.stringify({ name: 'fixture-app', scripts: { start: 'node app.cjs' } }),
    )
    const { code, stdout } = await run(
      folder,
      [cli, 'run', '--port', '0', '--memory', 'npm', '--silent', 'start', '--', 'x'],
      {
        env: { HOME: folder },
      },
    )
    expect([code, stdout]).toEqual([0, 'x started\n'])
  })

  it('starts an app although there is no explorer, or says nothing of a command that is not there', async () => {
    const folder = makeApp({ files: { 'app.cjs': `require('fs').writeFileSync('started', '')` } })
    const without = await run(folder, [cli, 'run', 'app.cjs'], { env: { HOME: folder } })
    expect(without).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('npm i @duckdb/node-api') })
    expect(existsSync(path.join(folder, 'started'))).toBe(false)
    const missing = await run(makeFolder({}), [cli, 'run', '--port', '0', '--memory', 'no-such-command'], {
      env: { HOME: folder },
    })
    expect(missing).toMatchObject({ code: 127, stderr: expect.stringContaining('command not found: no-such-command') })
    expect(await run(folder, [cli, 'run'])).toMatchObject({ code: 2 })
  })
})
