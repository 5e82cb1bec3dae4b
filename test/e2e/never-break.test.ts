// The promise: the app's exit code, stdout, signals and first line are what they are without us, and stderr too but for
// at most one line a code. Each case runs the same app bare and preloaded, and compares.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { both, cjs, compare, esm, nobody, ourCodes, seen } from '../support/compare'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const servesItself = both(
  `console.log('first line')
   const server = http.createServer((request, response) => response.end('hello ' + Boolean(request.headers.traceparent)))
   await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
   const url = 'http://127.0.0.1:' + server.address().port
   const text = await new Promise(resolve => http.get(url, response => response.on('data', chunk => resolve(String(chunk)))))
   console.log(text.slice(0, 5), await (await fetch(url)).text().then(body => body.slice(0, 5)))
   server.close()
   server.closeAllConnections()
   console.error('app error line')
   process.exitCode = 3`,
  ['http'],
)

describe.each([
  ['CommonJS', cjs],
  ['ES modules', esm],
])('%s', (_, preload) => {
  it('an app prints and exits as without us while no Collector listens', async () => {
    const { preloaded } = await compare(
      { files: servesItself },
      preload,
      { env: { OTEL_EXPORTER_OTLP_ENDPOINT: nobody } },
      ['AFN130'],
    )
    expect(preloaded.code).toBe(3)
    expect(preloaded.stderr).toMatch(/AFN130 .*127\.0\.0\.1:1.*ECONNREFUSED.*OTEL_EXPORTER_OTLP_ENDPOINT/)
  })

  it('an app whose Collector never answers ends at most 2 seconds later', async () => {
    const receiver = await startReceiver(() => 'hang')
    const begun = Date.now()
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '90000',
      AFN_SHUTDOWN_TIMEOUT: '',
    }
    await compare({ files: servesItself }, preload, { env })
    // a request alone would wait for its timeout, and a busy machine takes some seconds for the two starts
    expect(Date.now() - begun).toBeLessThan(60_000)
    await receiver.close()
  })

  it('an app prints and exits as without us while the Collector refuses', async () => {
    const receiver = await startReceiver(() => 400)
    await compare({ files: servesItself }, preload, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } }, ['AFN130'])
    await receiver.close()
  })

  it.each([
    ['process.exit', `console.log('out'); process.exit(5)`, 5],
    ['an uncaught exception', `console.log('out'); setTimeout(() => { throw new Error('mine') }, 1)`, 1],
    ['an unhandled rejection', `console.log('out'); Promise.reject(new Error('mine'))`, 1],
    ['a throw at the top', `console.log('out'); throw new TypeError('mine')`, 1],
    [
      'an own uncaughtException handler',
      `process.on('uncaughtException', error => { console.log('handled', error.message); process.exitCode = 7 }); setTimeout(() => { throw new Error('x') }, 1)`,
      7,
    ],
    [
      'a beforeExit listener',
      `let n = 0; process.on('beforeExit', code => { console.log('beforeExit', code, ++n); if (n === 1) setTimeout(() => console.log('more'), 5) })`,
      0,
    ],
    ['an exit listener', `process.on('exit', code => console.log('exit', code)); process.exitCode = 4`, 4],
  ])('an app ends as without us after %s', async (_, body, code) => {
    const { bare } = await compare({ files: both(body) }, preload, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: nobody } })
    expect(bare.code).toBe(code)
  })

  it('with wrong settings: one line a code that names variable, file, key and what is allowed', async () => {
    const files = {
      ...both(`console.log('runs')`),
      'afn-otel.config.yaml': 'traces: {sampler: sometimes}\nworkers: maybe\nno_such: 1\n',
    }
    const env = {
      OTEL_BSP_SCHEDULE_DELAY: 'soon',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_CONFIG_FILE: '/x.yaml',
      OTEL_EXPORTER_OTLP_ENDPOINT: nobody,
    }
    const { preloaded } = await compare({ files }, preload, { env }, ['AFN110', 'AFN111', 'AFN112'])
    expect(preloaded.stderr).toMatch(/AFN110 .*OTEL_BSP_SCHEDULE_DELAY="soon" is not allowed; use a whole number/)
    expect(preloaded.stderr).toMatch(
      /AFN110 .*afn-otel\.config\.yaml: traces\.sampler="sometimes" is not allowed; use record_all/,
    )
    expect(preloaded.stderr).toMatch(/AFN111 .*afn-otel\.config\.yaml: "no_such" is no setting/)
  })

  it('an app runs with a broken settings file, and one line names the mistake', async () => {
    const files = { ...both(`console.log('runs')`), 'afn-otel.config.yaml': 'a: [1\n' }
    await compare({ files }, preload, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: nobody } }, ['AFN111'])
  })

  it('an app with a fetch of its own calls that fetch, and one line says so', async () => {
    const files = both(
      `globalThis.fetch = async () => 'mine'; console.log(await fetch('x')); await new Promise(resolve => setTimeout(resolve, 2500))`,
    )
    await compare({ files }, preload, { env: { OTEL_METRICS_EXPORTER: 'none' } }, ['AFN151'])
  })

  it('an app with AFN_LOG_LEVEL=none has no line of ours on stderr', async () => {
    await compare(
      { files: servesItself },
      preload,
      { env: { OTEL_EXPORTER_OTLP_ENDPOINT: nobody, AFN_LOG_LEVEL: 'none' } },
      [],
    )
  })

  it("an app runs with a library that its instrumentation can't patch", async () => {
    const broken = {
      'node_modules/pg/package.json': '{"name":"pg","version":"8.11.0","main":"index.js"}',
      'node_modules/pg/index.js': 'module.exports = Object.freeze({ Client: null, query: () => "rows" })',
      'node_modules/express/package.json': '{"name":"express","version":"5.1.0","main":"index.js"}',
      'node_modules/express/index.js': 'module.exports = { Router: null, fine: true }',
    }
    const files = { ...both(`console.log(pg.query(), express.fine)`, ['pg', 'express']), ...broken }
    const { preloaded } = await compare({ files }, preload, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: nobody } }, [
      'AFN120',
    ])
    expect(preloaded.stderr).toMatch(
      /AFN120 the instrumentation of (pg|express).*OTEL_NODE_DISABLED_INSTRUMENTATIONS=(pg|express)/,
    )
  })

  it('an app runs with a package.json that is not valid, and without one', async () => {
    const folder = makeApp({
      files: {
        ...both(`console.log('runs')`),
        'deep/app.cjs': `console.log('runs')`,
        'deep/app.mjs': `console.log('runs')`,
        'deep/package.json': '{"name": 5',
      },
    })
    const options = { env: { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' } }
    const app = `deep/${preload.at(-1)}`
    const preloaded = await run(folder, [...preload.slice(0, -1), app], options)
    const bare = await run(folder, [app], options)
    expect(preloaded).toEqual(bare)
  })
})

describe('an app runs in', () => {
  const app = both(`console.log('first line', typeof http.get)`, ['http'])
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: nobody, OTEL_METRICS_EXPORTER: 'none' }

  it.each([
    ['--require', 'index.cjs', 'app.cjs'],
    // on Node 20 the thread of the hooks would not start, and the process would wait for it for ever
    ['--import', 'index.mjs', 'app.mjs'],
  ])('a working directory that is gone, %s', async (flag, entry, file) => {
    const folder = makeApp({ files: app })
    const inside = (preload: string) =>
      execFileSync(
        'sh',
        ['-c', `mkdir gone && cd gone && rmdir ../gone && "$0" ${preload} "$1"`, process.execPath, `${folder}/${file}`],
        {
          timeout: 30_000,
          stdio: 'pipe',
          cwd: folder,
          env: { PATH: process.env.PATH, ...env },
          encoding: 'utf8',
        },
      )
    expect(inside(`${flag} ${folder}/node_modules/@afn/otel/dist/${entry}`)).toBe(inside(''))
  })

  it.each([
    ['not an object', '"text"'],
    ['of odd values', '{"name":5,"version":{},"dependencies":"dd-trace","type":7}'],
    ['with a byte order mark', '\ufeff{"name":"bom"}'],
  ])('a folder whose package.json %s', async (_, text) => {
    await compare({ files: { 'app.cjs': app['app.cjs'] as string, 'package.json': text } }, cjs, { env }, [])
  })

  it.each([
    [
      'process.env is an object with numbers in it',
      `process.env = { ...process.env, OTEL_SERVICE_NAME: 5, AFN_WORKERS: true }`,
    ],
    ['process.argv is empty', 'process.argv = []'],
    ['process.argv[1] is no text', 'process.argv[1] = 5'],
    ['process.cwd() throws', `process.cwd = () => { throw new Error('no directory') }`],
  ])('a process in which another preload left an environment where %s', async (_, before) => {
    const folder = makeApp({ files: { ...app, 'before.cjs': before } })
    const result = await run(folder, ['--require', './before.cjs', '--require', '{otel}', 'app.cjs'], { env })
    expect(result).toEqual({ code: 0, signal: null, stdout: 'first line function\n', stderr: '' })
  })

  it.each([
    ['a chunk is missing', 'dist/chunks/api.cjs'],
    ['the start chunk is missing', 'dist/start.cjs'],
  ])('an installation where %s, and one line says so', async (_, file) => {
    const folder = makeApp({ files: app })
    rmSync(`${folder}/node_modules/@afn/otel/${file}`)
    const result = await run(folder, cjs, { env })
    expect(seen(result)).toEqual({ code: 0, signal: null, stdout: 'first line function\n', stderr: '' })
    expect(ourCodes(result)).toEqual(['AFN102'])
  })

  it("a realm whose globals can't be extended, and one line says so", async () => {
    const folder = makeApp({ files: { ...app, 'before.cjs': 'Object.preventExtensions(globalThis)' } })
    const result = await run(folder, ['--require', './before.cjs', '--require', '{otel}', 'app.cjs'], { env })
    expect(seen(result)).toEqual({ code: 0, signal: null, stdout: 'first line function\n', stderr: '' })
    expect(ourCodes(result)).toEqual(['AFN102'])
  })

  it('a process whose file has the number of stderr, and no line of ours is in the file', async () => {
    const files = {
      'app.cjs': `const fs = require('fs')
        fs.closeSync(2)
        const file = fs.openSync('mine.txt', 'w')
        require('http').get('${nobody}').on('error', () => fs.writeSync(file, 'mine'))
        process.on('exit', () => fs.writeSync(1, file + fs.readFileSync('mine.txt', 'utf8')))`,
    }
    const { bare } = await compare({ files }, cjs, { env }, [])
    expect(bare.stdout).toBe('2mine')
  })
})

describe('the package that is loaded twice', () => {
  const app = both(`console.log('first line'); await new Promise(resolve => setTimeout(resolve, 20))`)
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: nobody, OTEL_METRICS_EXPORTER: 'none' }

  it.each([
    ['--require and --import', ['--require', '@afn/otel', '--import', '@afn/otel', 'app.mjs'], {}],
    ['--require twice', ['--require', '@afn/otel', '--require', '{otel}', 'app.cjs'], {}],
    ['NODE_OPTIONS and --require', ['--require', '@afn/otel', 'app.cjs'], { NODE_OPTIONS: '--require @afn/otel' }],
    ['NODE_OPTIONS and --import', ['--import', '@afn/otel', 'app.mjs'], { NODE_OPTIONS: '--require @afn/otel' }],
  ])('%s', async (_, args, more) => {
    const folder = makeApp({ files: app })
    const result = await run(folder, args, { env: { ...env, ...more } })
    expect(result).toEqual({ code: 0, signal: null, stdout: 'first line\n', stderr: '' })
  })

  it('starts once where there are two copies of it', async () => {
    const folder = makeApp({ files: app })
    const other = makeApp({ files: {} })
    const result = await run(
      folder,
      ['--require', '@afn/otel', '--require', `${other}/node_modules/@afn/otel/dist/index.cjs`, 'app.cjs'],
      { env },
    )
    expect(result).toEqual({ code: 0, signal: null, stdout: 'first line\n', stderr: '' })
  })

  it('starts nothing in worker threads, which run', async () => {
    const files = {
      'app.cjs': `const { Worker } = require('worker_threads')
        new Worker('./worker.cjs').on('message', m => console.log('worker says', m)).on('exit', code => console.log('worker ended', code))`,
      'worker.cjs': `require('worker_threads').parentPort.postMessage(require('@afn/otel/api').status()?.state)`,
    }
    const folder = makeApp({ files })
    const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env })
    expect(result).toEqual({ code: 0, signal: null, stdout: 'worker says stood-down\nworker ended 0\n', stderr: '' })
  })

  it('AFN_WORKERS=on starts in worker threads too, and not in the thread of the ES module hooks', async () => {
    const receiver = await startReceiver()
    const files = {
      'app.mjs': `import { Worker } from 'worker_threads'
        new Worker('./worker.cjs').on('message', m => console.log('worker says', m)).on('exit', code => console.log('worker ended', code))`,
      'worker.cjs': `const { trace } = require('@opentelemetry/api')
        trace.getTracer('w').startSpan('in the worker').end()
        const { flush, status } = require('@afn/otel/api')
        flush().then(() => require('worker_threads').parentPort.postMessage(status().state))`,
    }
    const folder = makeApp({ files, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
    const result = await run(folder, ['--require', '@afn/otel', 'app.mjs'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, AFN_WORKERS: 'on' },
    })
    expect(result).toEqual({ code: 0, signal: null, stdout: 'worker says started\nworker ended 0\n', stderr: '' })
    expect(receiver.spans().map(span => span.name)).toEqual(['in the worker'])
    await receiver.close()
  })

  it('starts nothing with OTEL_SDK_DISABLED=true', async () => {
    const folder = makeApp({
      files: {
        'app.cjs': `console.log(require('@afn/otel/api').status().reason, process.listenerCount('uncaughtExceptionMonitor'))`,
      },
    })
    const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], { env: { OTEL_SDK_DISABLED: 'true' } })
    expect(result).toEqual({ code: 0, signal: null, stdout: 'disabled 0\n', stderr: '' })
  })

  it('starts in the app and not in npm itself under npm start', async () => {
    const files = { 'app.cjs': `console.log(require('@afn/otel/api').status().state)` }
    const folder = makeApp({ files, packageJson: { name: 'app', scripts: { start: 'node app.cjs' } } })
    const stdout = execFileSync('npm', ['start', '--silent'], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: `--require ${folder}/node_modules/@afn/otel/dist/index.cjs`, ...env },
      encoding: 'utf8',
    })
    expect(stdout.trim()).toBe('started')
  })
})

describe('on another version of Node.js', () => {
  const app = both(`console.log('first line')`)

  it('that is too old the app runs, and one line says so', async () => {
    const node = nodeBinary('14.21.3')
    if ('missing' in node) return console.log(`skipped: Node 14: ${node.missing}`)
    const { preloaded } = await compare({ files: app }, ['--require', '{otel}', 'app.cjs'], { node: node.path }, [
      'AFN101',
    ])
    expect(preloaded.stdout).toBe('first line\n')
  })

  it.each(['20.6.0', '20.19.0', nodes[22], nodes[24], nodes[26]])('%s the package starts', async version => {
    const node = nodeBinary(version)
    if ('missing' in node) return console.log(`skipped: Node ${version}: ${node.missing}`)
    for (const preload of [cjs, esm]) {
      await compare(
        { files: servesItself },
        preload,
        { node: node.path, env: { OTEL_EXPORTER_OTLP_ENDPOINT: nobody } },
        ['AFN130'],
      )
    }
  })
})
