// hapi 21, and restify 11: a flat table of routes each.
import { type Framework, func, statements } from '../framework'
import type { App, Node } from '../model'
import { patterns } from '../patterns'
import { ofNode } from './node'

/** Routes with the path of the routers around them: neither framework nests. */
function* flat(
  nodes: readonly Node[],
  above: string,
  dialect: 'hapi' | 'restify',
): Iterable<[path: string, node: Node]> {
  for (const node of nodes) {
    if (node.kind === 'catch' || node.kind === 'use') yield [above, node]
    else {
      const own = patterns(node.paths[0]!)[dialect]?.slice(1, -1)
      if (own === undefined) continue
      const path = `${above}${own === '/' ? '' : own}`
      if (node.kind === 'mount') yield* flat(node.children, path, dialect)
      else yield [path || '/', node]
    }
  }
}

export const hapi: Framework = {
  name: 'hapi',
  answers: {
    text: `return 'hello'`,
    json: `return { ok: true }`,
    late: `await null; return h.response('late').header('x-kind', 'late')`,
    missing: `return h.response('none').code(404)`,
    broken: `return h.response('broken').code(500)`,
    empty: `return h.response().code(204)`,
    redirect: `return h.redirect('/users/7')`,
    hangs: `kit.hang(q); return new Promise(() => {})`,
    self: `return await kit.self(q, '/users/7')`,
  },
  passes: { next: `return h.continue` },
  fails: { throw: `throw kit.thrown(q, ERROR)`, reject: `await null; throw kit.thrown(q, ERROR)` },
  catches: {
    onPreResponse: `(request, h) => request.response.isBoom ? h.response('failed').code(request.response.output.statusCode) : h.continue`,
    hidden: `(request, h) => request.response.isBoom && request.response.output.statusCode === 500 ? h.response('hidden').code(404) : h.continue`,
  },
  mounts: ['router'],
  hasPathLists: false,
  pattern: pattern => pattern.hapi,
  source(app: App): string {
    const taken = new Set<string>()
    const lines = [...flat(app.children, '', 'hapi')].flatMap(([path, node]) => {
      if (node.kind === 'catch') return [`server.ext('onPreResponse', ${hapi.catches[node.step]})`]
      if (node.kind === 'mount') return []
      const body = `const q = request.raw.req; ${statements(hapi, node.steps.at(-1)!)}`
      if (node.kind === 'use')
        return node.steps[0]!.does === 'pass' ? [`server.ext('onPreHandler', (request, h) => h.continue)`] : []
      const normal = path.replaceAll(/{\w+/g, '{')
      const last = node.steps.at(-1)!
      const methods = node.method === 'all' ? ['*'] : [node.method]
      if (last.does === 'pass' || methods.some(method => taken.has(`${method} ${normal}`) || taken.has(`* ${normal}`)))
        return []
      for (const method of methods) taken.add(`${method} ${normal}`)
      return [
        `server.route({ method: '${node.method === 'all' ? '*' : node.method}', path: '${path}', handler: ${func('request, h', body)} })`,
      ]
    })
    return `const listener = http.createServer()\nconst server = require('@hapi/hapi').server({ listener, autoListen: false, debug: false })\n${lines.join('\n')}\nawait server.initialize()\nreturn listener`
  },
}

export const restify: Framework = {
  name: 'restify',
  answers: {
    send: `s.send('hello'); next()`,
    json: `s.send({ ok: true }); next()`,
    missing: `s.send(404, 'none'); next()`,
    broken: `s.send(500, 'broken'); next()`,
    end: ofNode.answers.end,
    later: `setTimeout(() => { s.send('later'); next() }, 1)`,
    stops: `s.send('stops'); next(false)`,
    hangs: ofNode.answers.hangs,
  },
  passes: { next: `next()`, later: `setTimeout(next, 1)` },
  fails: { next: `next(kit.thrown(q, ERROR))`, send: `s.send(kit.thrown(q, ERROR)); next()` },
  catches: { restifyError: '' },
  mounts: ['router'],
  hasPathLists: false,
  pattern: pattern => pattern.restify,
  source(app: App): string {
    const taken = new Set<string>()
    const lines = [...flat(app.children, '', 'restify')].flatMap(([path, node]) => {
      if (node.kind === 'catch') return [`app.on('restifyError', (q, s, e, done) => done())`]
      if (node.kind === 'mount') return []
      const steps = node.steps.map(step => func('q, s, next', statements(restify, step)))
      if (node.kind === 'use')
        return node.steps.every(({ does }) => does === 'pass') ? [`app.use(${steps.join(', ')})`] : []
      const method = node.method === 'delete' ? 'del' : node.method
      if (method === 'all' || taken.has(`${method} ${path}`)) return []
      taken.add(`${method} ${path}`)
      return [`app.${method}('${path}', ${steps.join(', ')})`]
    })
    return `const app = require('restify').createServer()\n${lines.join('\n')}\nreturn app.server`
  },
}
