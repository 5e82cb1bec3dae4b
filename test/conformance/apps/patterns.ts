// Paths of routes by name, as each router writes them, and what matches them.

/** A dialect of patterns, as JavaScript source; absent where the router has no such thing. */
export interface Pattern {
  readonly samples: readonly string[]
  /** express 4 (path-to-regexp 0.1) */
  readonly express4?: string
  /** express 5 and @koa/router (path-to-regexp 8) */
  readonly express5?: string
  readonly hono?: string
  readonly fastify?: string
  readonly hapi?: string
  readonly restify?: string
  /** A plain prefix. */
  readonly plain?: string
}

const quoted = (path: string) => `'${path}'`
const same = (path: string, samples: readonly string[]): Pattern => {
  const [colons, braces] = [quoted(path), quoted(path.replaceAll(/:(\w+)/g, '{$1}'))]
  return { samples, express4: colons, express5: colons, hono: colons, fastify: colons, restify: colons, hapi: braces }
}

const named: Readonly<Record<string, Pattern>> = {
  id: same('/:id', ['/7', '/abc', '/a%20b']),
  user: same('/users/:id', ['/users/7', '/users/ann']),
  tenant: same('/tenant/:t', ['/tenant/acme']),
  two: same('/:a/:b', ['/x/y', '/users/9']),
  json: { samples: ['/report.json'], express4: `'/:name.json'`, express5: `'/:name.json'` },
  number: {
    samples: ['/42'],
    express4: `'/:n(\\\\d+)'`,
    hono: `'/:n{[0-9]+}'`,
    fastify: `'/:n(^\\\\d+$)'`,
  },
  optional: {
    samples: ['/opt', '/opt/1'],
    express4: `'/opt/:o?'`,
    express5: `'/opt{/:o}'`,
    hono: `'/opt/:o?'`,
    fastify: `'/opt/:o?'`,
    hapi: `'/opt/{o?}'`,
  },
  wild: {
    samples: ['/files/a', '/files/a/b.css'],
    express4: `'/files/*'`,
    express5: `'/files/*rest'`,
    hono: `'/files/*'`,
    fastify: `'/files/*'`,
    hapi: `'/files/{rest*}'`,
    restify: `'/files/*'`,
  },
  any: {
    samples: ['/some/page', '/x'],
    express4: `'*'`,
    express5: `'/{*rest}'`,
    hono: `'*'`,
    fastify: `'*'`,
    hapi: `'/{rest*}'`,
  },
  expression: { samples: ['/re5', '/re12'], express4: '/^\\/re(\\d+)/', express5: '/^\\/re(\\d+)/' },
  ending: { samples: ['/butterfly'], express4: '/.*fly$/', express5: '/.*fly$/' },
}

/** By name, or the path itself where it has neither parameter nor wildcard. */
export function patterns(name: string): Pattern {
  return named[name] ?? { ...same(name, [name]), plain: quoted(name) }
}
