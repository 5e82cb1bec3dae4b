// Differences that are right, with their reasons. A run counts each.
import type { Case, Difference } from './compare'
import type { Node } from './model'
import { patterns } from './patterns'

interface Explained {
  readonly reason: string
  readonly holds: (difference: Difference, one: Case) => boolean
}

const has = ({ app }: Case, what: RegExp) => what.test(JSON.stringify(app.children))
const severalInOne = (node: Node): boolean =>
  node.kind === 'mount' ? node.children.some(severalInOne) : node.kind === 'use' && node.steps.length > 1
/** Whether a router that a function calls has a route like this one. */
const isInFunction = (node: Node, route: string): boolean =>
  node.kind === 'mount' &&
  (node.form === 'function'
    ? node.paths.some(path => route.includes(patterns(path).samples[0]!.split('/')[1]!))
    : node.children.some(child => isInFunction(child, route)))
const ofRoute = ({ field }: Difference) => field === 'http.route' || field === 'name'
const said = (text: string) => (text === 'undefined' ? '' : String(JSON.parse(text)))
const pathOf = ({ request }: Case) => request.path.split('?')[0]!

const list: readonly Explained[] = [
  {
    reason: 'stock changes what the client gets, so its span is of another answer',
    holds: (_, { bare, withStock }) => JSON.stringify(bare) !== JSON.stringify(withStock),
  },
  {
    reason: 'next() was called twice: two layers have the request at once, and which of them is the last is chance',
    holds: (difference, one) =>
      /^express|connect/.test(one.app.framework) &&
      has(one, /"how":"(double|andNext)"/) &&
      (ofRoute(difference) || difference.field === 'exception'),
  },
  {
    reason:
      'Express ignores case, double slashes and the query: stock compares the route with the text of the URL, and gives none',
    holds: (difference, one) =>
      one.app.framework.startsWith('express') &&
      ofRoute(difference) &&
      said(difference.expected) === '' &&
      (/[A-Z]|\/\/|%/.test(pathOf(one)) || /^(GET|[A-Z]+ )?\/$/.test(said(difference.got))),
  },
  {
    reason:
      'Express: of several functions in one use() stock knows the last alone, so it misses that the request went on',
    holds: (difference, one) =>
      one.app.framework.startsWith('express') &&
      ofRoute(difference) &&
      one.bare.status === 404 &&
      one.app.children.some(severalInOne) &&
      (said(difference.expected).startsWith(said(difference.got)) ||
        said(difference.got).startsWith(said(difference.expected))),
  },
  {
    reason: 'Express: an error handler let the request go on, and stock keeps the path of the layer that failed',
    holds: (difference, one) =>
      one.app.framework.startsWith('express') &&
      ofRoute(difference) &&
      has(one, /"kind":"catch"/) &&
      (said(difference.expected).replace(/^[A-Z]+$/, '') === '' ||
        said(difference.expected).endsWith(said(difference.got).replace(/^[A-Z]+ /, ''))),
  },
  {
    reason:
      'Express: the request went on behind a layer that failed, or threw null, and stock keeps the path of that layer',
    holds: (difference, one) =>
      one.app.framework.startsWith('express') &&
      ofRoute(difference) &&
      (one.thrown.some(([, message]) => message === 'null' || message === 'undefined') ||
        (one.thrown.length > 0 && has(one, /"step":"recover"/))) &&
      (said(difference.expected) === '' ||
        said(difference.expected).startsWith(said(difference.got).replace(/\/?$/, '/'))),
  },
  {
    reason:
      'the framework itself failed, outside of every layer: a path that cannot be decoded, an application mounted wrongly',
    holds: ({ field, expected, got }) =>
      /^(exception|error\.type|status)$/.test(field) &&
      /^(\[\]|undefined|\{"code":[02],"message":""\})$/.test(expected) &&
      /URIError|Failed to decode|mount\(\)|"Error"$|Cannot set headers/.test(got),
  },
  {
    reason: 'Koa: stock knows the routers that app.use() gets, and none that a function calls',
    holds: (difference, one) =>
      one.app.framework.startsWith('koa') &&
      ofRoute(difference) &&
      said(difference.got) !== '' &&
      (said(difference.expected).replace(/^[A-Z]+$/, '') === '' ||
        one.app.children.some(node => isInFunction(node, said(difference.got)))),
  },
  {
    reason: 'koa-mount: stock loses the path where the application is mounted',
    holds: (difference, one) =>
      one.app.framework.startsWith('koa') &&
      difference.field === 'http.route' &&
      has(one, /"form":"app"/) &&
      said(difference.got).endsWith(said(difference.expected)),
  },
  {
    reason: 'Hono: an application that is mounted answered 404 itself, so the route is where it is mounted',
    holds: (difference, one) =>
      one.app.framework === 'hono' &&
      difference.field === 'http.route' &&
      difference.expected === 'undefined' &&
      said(difference.got).endsWith('*') &&
      has(one, /"form":"app"/),
  },
  {
    reason: 'Express: what handled an error failed itself, which stock does not see: the last error counts',
    holds: ({ field, got }, one) =>
      /^express|connect/.test(one.app.framework) &&
      field === 'exception' &&
      /ERR_HTTP_HEADERS_SENT/.test(got) &&
      has(one, /"kind":"catch"/),
  },
  {
    reason: 'the span of the handler has the error, as with stock: hapi, connect and restify keep those spans',
    holds: ({ field, got }, { app, ownBelow }) =>
      /^(hapi|connect|restify)$/.test(app.framework) && field === 'exception' && got === '[]' && ownBelow.length > 0,
  },
  {
    reason: 'undefined was thrown: there is nothing to record',
    holds: ({ field, got }, { thrown }) =>
      field === 'exception' &&
      got === '[]' &&
      thrown.length > 0 &&
      thrown.every(([, message]) => message === 'undefined'),
  },
  {
    reason: 'router: stock takes next("route") and next("router") of some layers for errors',
    holds: ({ field, got }, { recorded, thrown }) =>
      field === 'exception' &&
      got === '[]' &&
      thrown.length === 0 &&
      recorded.every(({ type, message }) => type === undefined && /^router?$/.test(String(message))),
  },
  {
    reason:
      'ours says on the span what type of error it was, the status where no error is known, as the conventions have it',
    holds: ({ field, expected, got }, { ours, thrown, recorded }) =>
      field === 'error.type' &&
      expected === 'undefined' &&
      ours?.status.code === 2 &&
      (said(got) === String(ours.attributes['http.response.status_code']) ||
        (got !== 'undefined' && thrown.length + recorded.length > 0)),
  },
  {
    reason: 'an uncaught exception was logged while the span was open, and ours marks it: stock logs none',
    holds: ({ field, expected, got }) => field === 'afn.exception.logged' && expected === 'undefined' && got === 'true',
  },
  {
    reason: 'null or undefined was thrown, which stock takes for nothing: its span is of the answer',
    holds: ({ field }, { thrown, recorded }) =>
      /^(status|error\.type|exception|http\.response\.status_code)$/.test(field) &&
      recorded.length === 0 &&
      thrown.some(([, message]) => message === 'null' || message === 'undefined'),
  },
  {
    reason: 'Hono: what answers an error failed itself, which Hono tells nobody: the error of the handler counts',
    holds: ({ field, got }, { app, thrown }) =>
      app.framework === 'hono' && field === 'exception' && got !== '[]' && thrown.length > 1,
  },
  {
    reason: 'restify: next() was called twice, and its own assertion fails outside of every layer',
    holds: ({ field, got }, { app }) =>
      app.framework === 'restify' && field === 'exception' && /ERR_ASSERTION/.test(got),
  },
  {
    reason:
      'a handler failed and its answer was never finished: stock has no error, for the status was not that of one',
    holds: ({ field, expected, got }, { thrown }) =>
      field === 'status' && /"code":0/.test(expected) && /"code":2/.test(got) && thrown.length > 0,
  },
  {
    reason: 'the answer was begun and a handler threw: stock has no error, for the status was 200',
    holds: ({ field, expected }, { bare, thrown }) =>
      field === 'status' && /"code":0/.test(expected) && bare.failure !== undefined && thrown.length > 0,
  },
]

/** Of the process as a whole. */
const ofProcess: readonly { reason: string; holds: (difference: Difference) => boolean }[] = [
  {
    reason: "stock's series do not count its own spans, for it writes into attributes that it has recorded; ours do",
    holds: ({ field, got }) => field === 'metric' && got === '0 more than spans',
  },
]

export function reasonFor(difference: Difference, one: Case | undefined): string | undefined {
  if (!one) return ofProcess.find(({ holds }) => holds(difference))?.reason
  return list.find(({ holds }) => holds(difference, one))?.reason
}
