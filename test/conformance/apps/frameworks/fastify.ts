// Fastify 5.
import { type Framework, func, names, statements } from '../framework'
import type { App, Node, Step } from '../model'
import { patterns } from '../patterns'

export const fastify: Framework = {
  name: 'fastify',
  answers: {
    returned: `await null; return 'hello'`,
    sent: `reply.send({ ok: true })`,
    json: `await null; return { ok: true }`,
    stream: `reply.send(Readable.from(['a', 'b']))`,
    missing: `reply.code(404).send('none')`,
    notFound: `reply.callNotFound()`,
    refused: `reply.code(401).send({ error: 'who are you' })`,
    broken: `reply.code(500).send('broken')`,
    empty: `reply.code(204).send()`,
    redirect: `reply.redirect('/users/7')`,
    hijacked: `reply.hijack(); reply.raw.end('raw')`,
    hangs: `reply.hijack(); kit.hang(q)`,
    self: `return await kit.self(q, '/users/7')`,
  },
  passes: {
    next: `await null`,
    later: `await new Promise(resolve => setTimeout(resolve, 1))`,
    header: `await null; reply.header('x-seen', 'yes')`,
  },
  fails: {
    throw: `throw kit.thrown(q, ERROR)`,
    reject: `await null; throw kit.thrown(q, ERROR)`,
    sendError: `reply.send(kit.thrown(q, new TypeError('sent')))`,
    code: `reply.code(502); throw kit.thrown(q, new Error('bad gateway'))`,
  },
  catches: {
    answer: `(e, request, reply) => { reply.code(500).send('failed') }`,
    status: `(e, request, reply) => { reply.code(e?.statusCode >= 400 && e?.statusCode < 600 ? e.statusCode : 500).send({ error: String(e?.message) }) }`,
    missing: `(e, request, reply) => { reply.code(404).send('hidden') }`,
    fine: `(e, request, reply) => { reply.code(200).send('all is well') }`,
    other: `(e, request, reply) => { throw kit.thrown(request.raw, new RangeError('while handling')) }`,
    notFound: `notFound`,
  },
  mounts: ['router', 'router', 'hooked'],
  hasPathLists: false,
  pattern: pattern => pattern.fastify,
  source(app: App): string {
    const name = names()
    const taken = new Set<string>()
    const once = (key: string) => !taken.has(key) && taken.add(key)
    return [
      `let server`,
      `const app = require('fastify')({ serverFactory: handler => { server = http.createServer(handler); return server } })`,
      ...app.children.flatMap(node => write(node, 'app', '', 'app')),
      `await app.ready()`,
      `return server`,
    ].join('\n')

    function write(node: Node, owner: string, above: string, scope: string): string[] {
      const q = 'const q = request.raw; '
      if (node.kind === 'catch') {
        if (!once(`${scope} ${node.step === 'notFound' ? 'missing' : 'catch'}`)) return []
        return node.step === 'notFound'
          ? once(`not found ${above}`)
            ? [`${owner}.setNotFoundHandler((request, reply) => { reply.code(404).send('nothing here') })`]
            : []
          : [`${owner}.setErrorHandler(${fastify.catches[node.step]})`]
      }
      const steps = (list: readonly Step[]) => list.map(step => func('request, reply', q + statements(fastify, step)))
      if (node.kind === 'use') {
        const [step] = node.steps
        const hook = ['onRequest', 'preHandler', 'preParsing', 'preValidation'][node.steps.length % 2]
        const body = statements(fastify, step!)
        return [
          `${owner}.addHook('${hook}', ${step!.does === 'pass' ? func('request, reply', body) : `async (request, reply) => { ${q}if (request.headers['x-stop']) { ${body} } }`})`,
        ]
      }
      const path = patterns(node.paths[0]!).fastify!
      const full = `${above}${path.slice(1, -1)}`.replaceAll(/:\w+/g, ':').replace(/\/$/, '').replaceAll('//', '/')
      if (node.kind === 'route') {
        const methods = node.method === 'all' ? ['get', 'post', 'put', 'delete', 'patch'] : [node.method]
        const fulls = full.endsWith('?') ? [full.replace(/\/[^/]*$/, ''), full] : [full]
        if (!methods.every(method => fulls.every(one => !taken.has(`${method} ${one}`)))) return []
        for (const method of methods) for (const one of fulls) taken.add(`${method} ${one}`)
        const handlers = steps(node.steps)
        const before = handlers
          .slice(0, -1)
          .map((hook, i) => (node.steps[i]!.does === 'pass' ? hook.replace(/^\(/, 'async (') : hook))
        const options = before.length > 0 ? `{ preHandler: [${before.join(', ')}] }, ` : ''
        const method =
          node.method === 'all' ? `['GET', 'POST', 'PUT', 'DELETE', 'PATCH']` : `'${node.method.toUpperCase()}'`
        if (node.method === 'all' || node.form === 1)
          return [
            `${owner}.route({ method: ${method}, url: ${path}, ${before.length > 0 ? `preHandler: [${before.join(', ')}], ` : ''}handler: ${handlers.at(-1)} })`,
          ]
        return [`${owner}.${node.method}(${path}, ${options}${handlers.at(-1)})`]
      }
      const inner = name('i')
      const prefix = path === `'/'` ? '' : path.slice(1, -1)
      return [
        `${owner}.register(async ${inner} => {`,
        ...(node.form === 'hooked' ? [`${inner}.addHook('onRequest', async () => {})`] : []),
        ...node.children.flatMap(child => write(child, inner, `${above}${prefix}`, inner)),
        `}, { prefix: '${prefix}' })`,
      ]
    }
  },
}
