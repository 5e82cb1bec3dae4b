// What tests and tools do to `require`, to modules and to globals: they get what they would without us, and none of it
// reaches our own files. Each case runs the same app bare and preloaded, and compares.
import { describe, expect, it } from 'vitest'
import { cjs, compare, nobody } from '../support/compare'
import { startReceiver } from '../support/receiver'

const pg = {
  'node_modules/pg/package.json': '{"name":"pg","version":"8.11.0","main":"lib/index.js"}',
  'node_modules/pg/lib/index.js': `class Client { query() { return 'real' } }
    module.exports = { Client }`,
}
const env = { OTEL_EXPORTER_OTLP_ENDPOINT: nobody, OTEL_METRICS_EXPORTER: 'none' }

describe('an app runs as without us where it changes modules:', () => {
  it.each([
    [
      'replaces Module._load, also for built-in modules',
      `const Module = require('module'), load = Module._load
       Module._load = function (id) { return id === 'http' || id === 'pg' ? { mocked: id } : load.apply(this, arguments) }
       console.log(require('http'), require('pg'))
       Module._load = load
       console.log(typeof require('http').get, new (require('pg').Client)().query())`,
    ],
    [
      'puts a mock into require.cache, and takes it away',
      `const file = require.resolve('pg')
       require.cache[file] = { id: file, filename: file, loaded: true, exports: { mocked: true } }
       console.log(require('pg'))
       delete require.cache[file]
       console.log(new (require('pg').Client)().query())`,
    ],
    [
      'replaces the exports of a module that is loaded',
      `const first = require('pg')
       require.cache[require.resolve('pg')].exports = { mocked: true }
       console.log(require('pg'), require('pg') === first)`,
    ],
    [
      'finds in the cache what require gives',
      `const http = require('http'), express = require('express')
       console.log(require('express') === express, require.cache[require.resolve('express')].exports === express)
       console.log(require('node:http') === http, express.name, express.length)`,
    ],
    [
      'calls require on things that are no modules',
      `const { prototype } = require('module')
       for (const [self, id] of [[undefined, 'pg'], [{}, 'http'], [{ filename: 5 }, './x'], [module, ''], [module, 5]]) {
         try { console.log(typeof prototype.require.call(self, id)) } catch (error) { console.log(error.code ?? error.name) }
       }`,
    ],
  ])('%s', async (_, app) => {
    await compare({ files: { 'app.cjs': app, ...pg }, modules: { express: 'express' } }, cjs, { env })
  })

  it('empties the cache of require: ours loads nothing twice, and still counts', async () => {
    const receiver = await startReceiver()
    const app = `for (const file of Object.keys(require.cache)) delete require.cache[file]
      const { trace } = require('@opentelemetry/api')
      const http = require('http')
      const server = http.createServer((request, response) => response.end('x')).listen(0, () => {
        http.get({ port: server.address().port, agent: false }, response => response.resume().on('end', () => server.close()))
      })
      console.log(Object.keys(require.cache).some(file => file.includes('/chunks/')))`
    await compare(
      { files: { 'app.cjs': app }, modules: { '@opentelemetry/api': '@opentelemetry/api' } },
      cjs,
      { env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } },
      [],
    )
    expect(receiver.spans().map(span => span.name)).toEqual(['GET', 'GET'])
    await receiver.close()
  })

  it('fakes timers and clock: there is no timer of ours among them, and spans still leave with their time', async () => {
    const receiver = await startReceiver()
    const app = `const real = setTimeout
      let armed = 0
      for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']) globalThis[name] = () => { armed++ }
      globalThis.Date = class extends Date { constructor() { super(0) } static now() { return 0 } }
      globalThis.AbortController = globalThis.URL = globalThis.Buffer = undefined
      require('http').get('${nobody}').on('error', () => real(() => console.log('armed', armed), 20))`
    await compare(
      { files: { 'app.cjs': app } },
      cjs,
      { env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '5' } },
      [],
    )
    expect(receiver.spans().map(({ startNano }) => startNano > 10n ** 18n)).toEqual([true])
    await receiver.close()
  })
})
