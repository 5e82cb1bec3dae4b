// Servers of node:http without a framework, and connect.
import { type Framework, func, names, statements } from '../framework'
import type { App, Node, Step } from '../model'
import { patterns } from '../patterns'

const answers = {
  end: `s.end('done')`,
  chunks: `s.write('one'); setImmediate(() => s.end('two'))`,
  stream: `Readable.from(['a', 'b', 'c']).pipe(s)`,
  empty: `s.statusCode = 204; s.end()`,
  unchanged: `s.statusCode = 304; s.end()`,
  later: `setTimeout(() => s.end('later'), 1)`,
  unavailable: `s.writeHead(503, { 'retry-after': '1' }); s.end()`,
  hangs: `kit.hang(q)`,
  hangsInTheMiddle: `s.write('part'); kit.hang(q)`,
  destroyed: `s.write('part'); setImmediate(() => s.destroy())`,
  destroyedAtOnce: `s.destroy()`,
  reads: `let n = 0; q.on('data', d => { n += d.length }).on('end', () => s.end('read ' + n))`,
  endsTwice: `s.end('once'); s.end()`,
}

/** For frameworks whose handlers get the objects of Node. */
export const ofNode = { answers }

export const plain: Framework = {
  name: 'http',
  answers: {
    ...answers,
    missing: `s.statusCode = 404; s.end('none')`,
    failed: `s.statusCode = 500; s.end('failed')`,
    self: `s.end(await kit.self(q, '/users/7'))`,
  },
  passes: { next: ';' },
  fails: {
    throwsAndAnswers: `setTimeout(() => { s.statusCode = 500; s.end() }, 5); throw kit.thrown(q, ERROR)`,
    throws: `kit.hang(q); throw kit.thrown(q, ERROR)`,
    answersAndThrows: `s.end('first'); throw kit.thrown(q, ERROR)`,
    rejects: `async; kit.hang(q); throw kit.thrown(q, ERROR)`,
    emits: `s.on('error', () => {}); s.emit('error', kit.thrown(q, ERROR)); s.end()`,
  },
  catches: { none: '' },
  mounts: [],
  hasPathLists: false,
  pattern: ({ plain }) => plain,
  source(app: App): string {
    const lines = app.children.flatMap(node => {
      if (node.kind === 'catch' || node.kind === 'mount') return []
      const at = node.paths.map(path => `path === ${patterns(path).plain}`)
      const method =
        node.kind === 'route' && node.method !== 'all' ? [`q.method === '${node.method.toUpperCase()}'`] : []
      const { steps } = node
      return [
        `if (${[...at, ...method].join(' && ') || 'true'}) return (${func('', statements(plain, steps.at(-1)!))})()`,
      ]
    })
    return `return http.createServer((q, s) => {\n  const path = q.url.split('?')[0]\n  ${lines.join('\n  ')}\n  s.statusCode = 404\n  s.end()\n})`
  },
}

export const connect: Framework = {
  name: 'connect',
  answers: { ...answers, missing: `s.statusCode = 404; s.end('none')`, self: `s.end(await kit.self(q, '/users/7'))` },
  passes: {
    next: `next()`,
    later: `setTimeout(next, 1)`,
    awaited: `await null; next()`,
    rewrite: `q.url = '/users/7'; next()`,
  },
  fails: {
    throw: `throw kit.thrown(q, ERROR)`,
    next: `next(kit.thrown(q, ERROR))`,
    laterNext: `setTimeout(() => next(kit.thrown(q, ERROR)), 1)`,
    reject: `async; kit.hang(q); throw kit.thrown(q, ERROR)`,
  },
  catches: {
    answer: `(e, q, s, next) => { s.statusCode = e?.status ?? 500; s.end('failed') }`,
    missing: `(e, q, s, next) => { s.statusCode = 404; s.end('hidden') }`,
    pass: `(e, q, s, next) => next(e)`,
    recover: `(e, q, s, next) => next()`,
    other: `(e, q, s, next) => { throw kit.thrown(q, new RangeError('while handling')) }`,
  },
  mounts: ['app', 'app', 'function', 'async'],
  hasPathLists: false,
  pattern: ({ plain }) => plain,
  source(app: App): string {
    const name = names()
    const steps = (list: readonly Step[]) => list.map(step => func('q, s, next', statements(connect, step)))
    const write = (node: Node, owner: string): string[] => {
      if (node.kind === 'catch') return [`${owner}.use(${connect.catches[node.step]})`]
      const path = node.paths[0] === undefined ? undefined : patterns(node.paths[0]).plain
      if (node.kind !== 'mount')
        return steps(node.steps).map(step => `${owner}.use(${[path, step].filter(Boolean).join(', ')})`)
      const inner = name('sub')
      const handed = {
        function: `(q, s, next) => ${inner}(q, s, next)`,
        async: `async (q, s, next) => { await null; ${inner}(q, s, next) }`,
      }[node.form]
      return [
        `const ${inner} = connect()`,
        ...node.children.flatMap(child => write(child, inner)),
        `${owner}.use(${path}, ${handed ?? inner})`,
      ]
    }
    const lines = app.children.flatMap(node => write(node, 'app'))
    return `const connect = require('connect')\nconst app = connect()\n${lines.join('\n')}\nreturn http.createServer(app)`
  },
}
