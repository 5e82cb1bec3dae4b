// Hono on @hono/node-server. OpenTelemetry has no instrumentation for it, so that what answers says itself which route it is, by
// Hono's own `routePath`.
import { type Framework, func, names, statements } from '../framework'
import type { App, Node, Step } from '../model'
import { patterns } from '../patterns'

export const hono: Framework = {
  name: 'hono',
  answers: {
    text: `return c.text('hello')`,
    json: `return c.json({ ok: true })`,
    body: `return new Response('a body', { headers: { 'x-kind': 'raw' } })`,
    late: `await null; return c.text('late')`,
    missing: `return c.text('none', 404)`,
    notFound: `return c.notFound()`,
    refused: `return c.json({ error: 'who are you' }, 401)`,
    broken: `return c.text('broken', 500)`,
    unavailable: `return c.text('later', 503)`,
    empty: `return c.body(null, 204)`,
    redirect: `return c.redirect('/users/7')`,
    stream: `return stream(c, async out => { await out.write('one'); await out.write('two') })`,
    streamFails: `return stream(c, async out => { await out.write('one'); throw kit.thrown(q, new Error('in the stream')) })`,
    hangs: `kit.hang(q); return new Promise(() => {})`,
    reads: `return c.text('read ' + (await c.req.text()).length)`,
    self: `return c.text(await kit.self(q, '/users/7'))`,
  },
  passes: {
    next: `await next()`,
    returned: `return next()`,
    header: `await next(); c.header('x-seen', 'yes')`,
    later: `await new Promise(resolve => setTimeout(resolve, 1)); await next()`,
    // no answer without a body takes one
    replaced: `await next(); try { c.res = new Response('replaced', c.res) } catch (e) { throw kit.thrown(q, e) }`,
    caught: `try { await next() } catch { return c.text('caught', 500) }`,
  },
  fails: {
    throw: `throw kit.thrown(q, ERROR)`,
    reject: `await null; throw kit.thrown(q, ERROR)`,
    httpException: `throw kit.thrown(q, new HTTPException(403, { message: 'not yours' }))`,
    httpException500: `throw kit.thrown(q, new HTTPException(503, { message: 'no database' }))`,
    after: `await next(); throw kit.thrown(q, ERROR)`,
  },
  catches: {
    answer: `(e, c) => c.text('failed', 500)`,
    status: `(e, c) => c.json({ error: String(e.message) }, e.status >= 400 && e.status < 600 ? e.status : 500)`,
    missing: `(e, c) => c.text('hidden', 404)`,
    fine: `(e, c) => c.text('all is well')`,
    other: `(e, c) => { throw kit.thrown(c.env.incoming, new RangeError('while handling')) }`,
    notFound: `notFound`,
  },
  mounts: ['router', 'router', 'router', 'base', 'app'],
  hasPathLists: true,
  pattern: pattern => pattern.hono,
  source(app: App): string {
    const name = names()
    return [
      `const { Hono } = require('hono')`,
      `const { createAdaptorServer } = require('@hono/node-server')`,
      `const { routePath } = require('hono/route')`,
      `const { HTTPException } = require('hono/http-exception')`,
      `const { stream } = require('hono/streaming')`,
      `const app = new Hono()`,
      ...app.children.flatMap(node => write(node, 'app', { mounted: '', full: '' })),
      `return createAdaptorServer({ fetch: app.fetch })`,
    ].join('\n')

    /** @param at where the app is mounted that `owner` belongs to, which `routePath` does not know, and where `owner` is itself */
    function write(node: Node, owner: string, at: { mounted: string; full: string }): string[] {
      if (node.kind === 'catch')
        return node.step === 'notFound'
          ? [`${owner}.notFound(c => c.text('nothing here', 404))`]
          : [`${owner}.onError(${hono.catches[node.step]})`]
      const paths = node.paths.map(path => patterns(path).hono!)
      const note = `kit.route(q, ${at.mounted ? `'${at.mounted}' + ` : ''}routePath(c)); `
      const steps = (list: readonly Step[]) =>
        list.map(step => {
          const body = statements(hono, step)
          const noted =
            step.does === 'pass'
              ? body
              : step.how === 'after'
                ? body.replace('throw', `${note}throw`)
                : `${note}${body}`
          return func('c, next', `const q = c.env.incoming; ${noted}`)
        })
      if (node.kind === 'use') {
        const path = paths[0] && (node.steps.length % 2 ? paths[0] : paths[0].replace(/\/?'$/, `/*'`))
        return [`${owner}.use(${[path, ...steps(node.steps)].filter(Boolean).join(', ')})`]
      }
      if (node.kind === 'route') {
        const handlers = steps(node.steps).join(', ')
        const several = paths.length > 1 || node.form === 1
        if (several) {
          const methods = node.method === 'all' ? `['GET', 'POST', 'PUT']` : `'${node.method.toUpperCase()}'`
          return [`${owner}.on(${methods}, [${paths.join(', ')}], ${handlers})`]
        }
        return [`${owner}.${node.method}(${paths[0]}, ${handlers})`]
      }
      const router = name('r')
      const full = `${at.full}${paths[0]!.slice(1, -1)}`.replace(/\/$/, '')
      const inner = (below: typeof at) => node.children.flatMap(child => write(child, router, below))
      if (node.form === 'base') return [`const ${router} = ${owner}.basePath(${paths[0]})`, ...inner({ ...at, full })]
      if (node.form === 'app')
        return [
          `const ${router} = new Hono()`,
          ...inner({ mounted: full, full }),
          `${owner}.mount(${paths[0]}, ${router}.fetch)`,
        ]
      // what is mounted below has one place
      const also = JSON.stringify(node.children).includes('"form":"app"')
        ? []
        : node.also.map(path => patterns(path).hono!)
      return [
        `const ${router} = new Hono()`,
        ...inner({ ...at, full }),
        ...[paths[0]!, ...also].map(path => `${owner}.route(${path}, ${router})`),
      ]
    }
  },
}
