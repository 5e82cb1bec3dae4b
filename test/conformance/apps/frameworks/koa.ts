// Koa 2 and 3 with @koa/router and koa-mount.
import { type Framework, func, names, statements } from '../framework'
import type { App, Node, Step } from '../model'
import { patterns } from '../patterns'

export function koa(version: 2 | 3): Framework {
  const framework: Framework = {
    name: `koa${version}`,
    answers: {
      text: `ctx.body = 'hello'`,
      json: `ctx.body = { ok: true }`,
      stream: `ctx.body = Readable.from(['a', 'b'])`,
      late: `await new Promise(resolve => setTimeout(resolve, 1)); ctx.body = 'late'`,
      missing: `ctx.status = 404`,
      refused: `ctx.status = 401; ctx.body = 'who are you'`,
      broken: `ctx.status = 500; ctx.body = 'broken'`,
      empty: `ctx.status = 204`,
      redirect: `ctx.redirect('/users/7')`,
      raw: `ctx.respond = false; ctx.res.end('raw')`,
      hangs: `kit.hang(q); await new Promise(() => {})`,
      andNext: `ctx.body = 'once'; await next()`,
      self: `ctx.body = await kit.self(q, '/users/7')`,
    },
    passes: {
      next: `await next()`,
      returned: `return next()`,
      later: `await new Promise(resolve => setTimeout(resolve, 1)); await next()`,
      header: `await next(); ctx.set('x-seen', 'yes')`,
      caught: `try { await next() } catch (e) { ctx.status = e?.status ?? 500; ctx.body = 'caught' }`,
      rewrite: `ctx.path = '/users/7'; await next()`,
      emitted: `try { await next() } catch (e) { ctx.status = 500; ctx.app.emit('error', e, ctx) }`,
    },
    fails: {
      throw: `throw kit.thrown(q, ERROR)`,
      reject: `await null; throw kit.thrown(q, ERROR)`,
      ctxThrow: `try { ctx.throw(403, 'not yours') } catch (e) { throw kit.thrown(q, e) }`,
      ctxThrow500: `try { ctx.throw(503, 'no database') } catch (e) { throw kit.thrown(q, e) }`,
      after: `await next(); throw kit.thrown(q, ERROR)`,
    },
    catches: {
      answer: `async (ctx, next) => { try { await next() } catch { ctx.status = 500; ctx.body = 'failed' } }`,
      missing: `async (ctx, next) => { try { await next() } catch { ctx.status = 404 } }`,
      missingPage: `async (ctx, next) => { await next(); if (ctx.status === 404) { ctx.status = 404; ctx.body = 'nothing here' } }`,
    },
    mounts: ['router', 'router', 'nested', 'app', 'function'],
    hasPathLists: true,
    pattern: pattern => pattern.express5,
    source(app: App): string {
      const name = names()
      return [
        `const Koa = require('${version === 2 ? 'koa-2' : 'koa'}')`,
        `const Router = require('@koa/router')`,
        `const mount = require('koa-mount')`,
        `const app = new Koa()`,
        `app.silent = true`,
        ...ofApp(app.children, 'app'),
        `return http.createServer(app.callback())`,
      ].join('\n')

      function steps(list: readonly Step[]): string[] {
        return list.map(step => func('ctx, next', `const q = ctx.req; ${statements(framework, step)}`))
      }

      /** What is registered with a Koa app: routes have a router of their own, neighbours share one. */
      function ofApp(nodes: readonly Node[], owner: string): string[] {
        const lines: string[] = []
        let router: string | undefined
        const close = () => {
          if (router)
            lines.push(`${owner}.use(${router}.routes())${nodes.length % 2 ? `.use(${router}.allowedMethods())` : ''}`)
          router = undefined
        }
        for (const node of nodes) {
          if (node.kind === 'route') {
            if (!router) {
              router = name('r')
              lines.push(`const ${router} = new Router()`)
            }
            lines.push(...ofRouter(node, router))
            continue
          }
          close()
          if (node.kind === 'catch') lines.push(`${owner}.use(${framework.catches[node.step]})`)
          else if (node.kind === 'use') lines.push(...steps(node.steps).map(step => `${owner}.use(${step})`))
          else {
            const path = patterns(node.paths[0]!).express5!
            if (node.form === 'app' && !/:|^'\/'$/.test(path)) {
              const sub = name('sub')
              lines.push(`const ${sub} = new Koa()`, `${sub}.silent = true`, ...ofApp(node.children, sub))
              lines.push(`${owner}.use(mount(${path}, ${sub}))`)
            } else {
              const inner = name('r')
              lines.push(`const ${inner} = new Router({ prefix: ${path} })`)
              lines.push(...node.children.flatMap(child => ofRouter(child, inner)))
              lines.push(
                node.form === 'function'
                  ? `const routes${inner} = ${inner}.routes()\n${owner}.use((ctx, next) => routes${inner}(ctx, next))`
                  : `${owner}.use(${inner}.routes())`,
              )
            }
          }
        }
        close()
        return lines
      }

      function ofRouter(node: Node, owner: string): string[] {
        if (node.kind === 'catch') return [`${owner}.use(${framework.catches[node.step]})`]
        const at = node.paths.map(path => patterns(path).express5!)
        const path = at.length > 1 ? `[${at.join(', ')}]` : at[0]
        if (node.kind === 'use') return [`${owner}.use(${[path, ...steps(node.steps)].filter(Boolean).join(', ')})`]
        if (node.kind === 'route') return [`${owner}.${node.method}(${[path, ...steps(node.steps)].join(', ')})`]
        const inner = name('r')
        return [
          `const ${inner} = new Router()`,
          ...node.children.flatMap(child => ofRouter(child, inner)),
          `${owner}.use(${path}, ${inner}.routes())`,
        ]
      }
    },
  }
  return framework
}
