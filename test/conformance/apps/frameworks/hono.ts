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
    replaced: `await next(); c.res = new Response('replaced', c.res)`,
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
      ...app.children.flatMap(node => write(node, 'app', '')),
      `return createAdaptorServer({ fetch: app.fetch })`,
    ].join('\n')

    /** @param above where the app is mounted that `owner` belongs to: `routePath` does not know it */
    function write(node: Node, owner: string, above: string): string[] {
      if (node.kind === 'catch')
        return node.step === 'notFound'
          ? [`${owner}.notFound(c => c.text('nothing here', 404))`]
          : [`${owner}.onError(${hono.catches[node.step]})`]
      const at = node.paths.map(path => patterns(path).hono!)
      const note = `kit.route(q, ${above ? `'${above}' + ` : ''}routePath(c)); `
      const steps = (list: readonly Step[]) =>
        list.map(step => {
          const body = statements(hono, step)
          const [early, late] = step.how === 'caught' ? ['', body.replace('return', `${note}return`)] : ['', body]
          const noted = step.does === 'pass' ? late : step.how === 'after' ? body.replace('throw', `${note}throw`) : `${note}${body}`
          return func('c, next', `const q = c.env.incoming; ${early}${noted}`)
        })
      if (node.kind === 'use') {
        const path = at[0] && (node.steps.length % 2 ? at[0] : at[0].replace(/\/?'$/, `/*'`))
        return [`${owner}.use(${[path, ...steps(node.steps)].filter(Boolean).join(', ')})`]
      }
      if (node.kind === 'route') {
        const handlers = steps(node.steps).join(', ')
        const several = at.length > 1 || node.form === 1
        if (several) {
          const methods = node.method === 'all' ? `['GET', 'POST', 'PUT']` : `'${node.method.toUpperCase()}'`
          return [`${owner}.on(${methods}, [${at.join(', ')}], ${handlers})`]
        }
        return [`${owner}.${node.method}(${at[0]}, ${handlers})`]
      }
      const router = name('r')
      if (node.form === 'base')
        return [`const ${router} = ${owner}.basePath(${at[0]})`, ...node.children.flatMap(child => write(child, router, above))]
      const under = node.form === 'app' ? `${above}${at[0]!.slice(1, -1)}`.replace(/\/$/, '') : above
      return [
        `const ${router} = new Hono()`,
        ...node.children.flatMap(child => write(child, router, under)),
        ...(node.form === 'app'
          ? [`${owner}.mount(${at[0]}, ${router}.fetch)`]
          : [at[0]!, ...node.also.map(also => patterns(also).hono!)].map(path => `${owner}.route(${path}, ${router})`)),
      ]
    }
  },
}
