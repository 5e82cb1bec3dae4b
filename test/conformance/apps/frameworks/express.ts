// Express 4 and 5.
import { type Framework, func, names, statements } from '../framework'
import type { App, Node, Step } from '../model'
import { patterns } from '../patterns'
import { ofNode } from './node'

const answers = {
  send: `s.send('hello')`,
  json: `s.json({ ok: true })`,
  ...ofNode.answers,
  missing: `s.status(404).send('none')`,
  refused: `s.status(401).json({ error: 'who are you' })`,
  broken: `s.status(500).send('broken')`,
  sendStatus: `s.sendStatus(502)`,
  redirect: `s.redirect('/users/7')`,
  late: `await null; s.send('late')`,
  andNext: `s.send('once'); next()`,
  twice: `s.send('once'); try { s.send('twice') } catch {}`,
  self: `s.send(await kit.self(q, '/users/7'))`,
}

const passes = {
  next: `next()`,
  later: `setTimeout(next, 1)`,
  awaited: `await null; next()`,
  header: `s.set('x-seen', 'yes'); next()`,
  route: `next('route')`,
  router: `next('router')`,
  rewrite: `q.url = '/users/7'; next()`,
  double: `next(); next()`,
  onFinish: `s.on('finish', () => {}); next()`,
}

const fails = {
  throw: `throw kit.thrown(q, ERROR)`,
  next: `next(kit.thrown(q, ERROR))`,
  laterNext: `setTimeout(() => next(kit.thrown(q, ERROR)), 1)`,
  afterHeaders: `s.write('part'); throw kit.thrown(q, ERROR)`,
}

const catches = {
  answer: `(e, q, s, next) => { s.status(e?.status ?? 500).send('failed') }`,
  always500: `(e, q, s, next) => { s.status(500).json({ error: String(e?.message) }) }`,
  missing: `(e, q, s, next) => { s.status(404).send('hidden') }`,
  fine: `(e, q, s, next) => { s.send('all is well') }`,
  pass: `(e, q, s, next) => { next(e) }`,
  recover: `(e, q, s, next) => { next() }`,
  other: `(e, q, s, next) => { throw kit.thrown(q, new RangeError('while handling')) }`,
  late: `async (e, q, s, next) => { await null; s.headersSent ? next(e) : s.status(500).send('late failure') }`,
}

export function express(version: 4 | 5): Framework {
  const dialect = `express${version}` as const
  const framework: Framework = {
    name: dialect,
    answers,
    passes,
    fails: {
      ...fails,
      // Express 4 leaves the client waiting
      reject:
        version === 5 ? `await null; throw kit.thrown(q, ERROR)` : `async; kit.hang(q); throw kit.thrown(q, ERROR)`,
    },
    catches,
    mounts: ['router', 'router', 'router', 'app', 'function', 'async', 'array', 'named'],
    hasPathLists: true,
    pattern: pattern => pattern[dialect],
    source(app: App): string {
      const name = names()
      const lines = [
        `const express = require('${version === 4 ? 'express-4' : 'express'}')`,
        `const app = express()`,
        ...app.children.flatMap(node => write(node, 'app')),
      ]
      return `${lines.join('\n')}\nreturn http.createServer(app)`

      function write(node: Node, owner: string): string[] {
        if (node.kind === 'catch') return [`${owner}.use(${catches[node.step as keyof typeof catches]})`]
        const at = node.paths.map(path => patterns(path)[dialect]!)
        const path = at.length > 1 ? `[${at.join(', ')}]` : at[0]
        const steps = (list: readonly Step[]) => list.map(step => func('q, s, next', statements(framework, step)))
        if (node.kind === 'use') return [`${owner}.use(${[path, ...steps(node.steps)].filter(Boolean).join(', ')})`]
        if (node.kind === 'route') {
          const [method, handlers] = [node.method, steps(node.steps)]
          if (node.form === 1) return [`${owner}.route(${path}).${method}(${handlers.join(', ')})`]
          return [`${owner}.${method}(${path}, ${node.form === 2 ? `[${handlers.join(', ')}]` : handlers.join(', ')})`]
        }
        const router = name(node.form === 'app' ? 'sub' : 'r')
        const made =
          node.form === 'app' ? 'express()' : `express.Router(${node.mergesParameters ? '{ mergeParams: true }' : ''})`
        const handed = {
          function: `(q, s, next) => ${router}(q, s, next)`,
          async: `async (q, s, next) => { await null; ${router}(q, s, next) }`,
          array: `[(q, s, next) => next(), ${router}]`,
          named: `function routes(q, s, next) { ${router}(q, s, next) }`,
        }[node.form]
        return [
          `const ${router} = ${made}`,
          ...node.children.flatMap(child => write(child, router)),
          `${owner}.use(${path}, ${handed ?? router})`,
          ...node.also.map(also => `${owner}.use(${patterns(also)[dialect]}, ${handed ?? router})`),
        ]
      }
    },
  }
  return framework
}
