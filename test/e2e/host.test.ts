// The app is what it is without us: the programs of `npm run conformance:host` that need no more than is installed here. Every
// line that they print, every error and the exit code are held against the same program without the preload.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { compareForm, formsOf } from '../conformance/host/host'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const programs: [program: string, ...modules: string[]][] = [
  ['fetch'],
  ['http'],
  ['http2'],
  ['prototype'],
  ['broken-globals'],
  ['node-test'],
  ['undici', 'undici'],
  ['fastify', 'fastify'],
  ['express', 'express'],
  ['koa', 'koa'],
  ['hono', 'hono'],
  ['pino', 'pino'],
  ['winston', 'winston'],
  ['ioredis', 'ioredis'],
  ['mcp-2', '@modelcontextprotocol/client', '@modelcontextprotocol/server', 'zod'],
]

it.each(programs)('nothing of %s is other than without us', async (program, ...modules) => {
  const receiver = await startReceiver()
  for (const form of formsOf(program, false)) {
    const folder = makeApp({
      files: { [form.file]: form.source },
      modules: Object.fromEntries(modules.map(name => [name, name])),
    })
    const { differences } = await compareForm(form, {
      folder,
      node: process.execPath,
      preload: path.join(folder, 'node_modules/@afn/otel/dist/index.cjs'),
      endpoint: receiver.url,
      breaksUs: program === 'prototype' || program === 'broken-globals',
    })
    expect(differences).toEqual([])
    rmSync(folder, { recursive: true })
  }
  await receiver.close()
})

it('what pino has not written yet when nothing else holds its logger is written at the end', async () => {
  const app = `const pino = require('pino')
    pino(pino.destination({ minLength: 4096, sync: false })).info('the last line')
    setTimeout(gc, 10)`
  const folder = makeApp({ files: { 'app.cjs': app }, modules: { pino: 'pino' } })
  const { stdout } = await run(folder, ['--expose-gc', '--require', '@afn/otel', 'app.cjs'])
  expect(stdout).toContain('the last line')
  rmSync(folder, { recursive: true })
})
