// A library that an instrumentation has patched behaves as without it: its arguments, what it returns, what it throws
// and what Node prints of that. Each case runs the same app bare and preloaded, and compares.
import { describe, it } from 'vitest'
import { cjs, compare, nobody } from '../support/compare'

const env = { OTEL_EXPORTER_OTLP_ENDPOINT: nobody, OTEL_METRICS_EXPORTER: 'none' }
const modules = Object.fromEntries(
  [
    'express',
    'fastify',
    '@fastify/otel',
    'hono',
    'koa',
    '@opentelemetry/api',
    '@opentelemetry/core',
    '@opentelemetry/instrumentation',
    '@opentelemetry/semantic-conventions',
  ].map(name => [name, name]),
)
const served = (client: string) =>
  `const http = require('http')
   const server = http.createServer((request, response) => response.end(request.rawHeaders.filter((_, n, all) => /^x-/.test(all[n - n % 2])).join())).listen(0, () => {
     const { port } = server.address()
     const done = response => response.on('data', data => console.log(String(data))).on('end', () => server.close())
     ${client}
   })`

describe("node's http with our instrumentation", () => {
  it.each([
    ['names and values in turn', `['x-a', '1', 'x-b', '2', 'x-b', '3', 'host', 'h']`],
    ['pairs', `[['x-a', '1'], ['x-b', ['2', '3']], ['host', 'h']]`],
  ])('sends headers that are a list as without us: %s', async (_, headers) => {
    await compare(
      {
        files: {
          'app.cjs': served(`http.request({ port, agent: false, headers: ${headers} }).on('response', done).end()`),
        },
      },
      cjs,
      { env },
    )
  })

  it.each([
    [
      'options that are none',
      `for (const options of [null, 5, {}, { port: 'x' }, { headers: { 'bad name': 1 } }, { method: 'NO WAY' }]) {
         try { require('http').request(options).on('error', error => console.log(error.code)).end() } catch (error) { console.log(error.code) }
       }`,
    ],
    [
      'a getter that throws',
      `try { require('http').get({ get headers() { throw new TypeError('mine') } }) } catch (error) { console.log(error.message) }`,
    ],
    [
      'name and length of functions',
      `const http = require('http'); console.log(http.get.name, http.get.length, http.request.name, http.request.length)`,
    ],
  ])('%s', async (_, app) => {
    await compare({ files: { 'app.cjs': app } }, cjs, { env })
  })

  it.each([
    ['an error', `new TypeError('mine')`],
    ['undefined', 'undefined'],
  ])("whose handler throws %s ends the process with the app's own line", async (_, thrown) => {
    const app = served(`http.get({ port, agent: false }).on('error', () => {})
      server.removeAllListeners('request').on('request', () => {
        Error.stackTraceLimit = 0
        throw ${thrown}
      })`)
    await compare({ files: { 'app.cjs': app } }, cjs, { env })
  })
})

describe('a framework with our instrumentation behaves as without it:', () => {
  it.each([
    [
      'fastify with its own instrumentation registered by the app',
      `const { FastifyOtelInstrumentation } = require('@fastify/otel')
       const app = require('fastify')()
       app.register(new FastifyOtelInstrumentation().plugin()).then(async () => {
         app.get('/', async request => typeof request.opentelemetry)
         console.log((await app.inject('/')).body)
       })`,
    ],
    [
      'fastify with a decoration named as ours',
      `const app = require('fastify')()
       app.decorateRequest('opentelemetry', 'mine')
       app.get('/', async request => request.opentelemetry)
       app.inject('/').then(({ body }) => console.log(body))`,
    ],
    [
      'hono: what makes it makes more of its kind',
      `const { Hono } = require('hono')
       const app = new Hono()
       console.log(app.constructor === Hono, app instanceof Hono, Hono.name)`,
    ],
    [
      'express: patched once, by whichever way it is loaded',
      `const express = require('express')
       import('express').then(({ default: imported }) => console.log(imported === express, require('express') === express))`,
    ],
  ])('%s', async (_, app) => {
    await compare({ files: { 'app.cjs': app }, modules }, cjs, { env })
  })
})
