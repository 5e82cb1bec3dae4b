// Who may use `afn-otel up`: the machine's own user, and nobody through a web page of his.

import { writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningUp, runUp, startUp, upFolder } from '../support/up'

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** fetch lets nobody choose these headers. */
function ask(url: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, response => {
      let text = ''
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const json = { 'content-type': 'application/json' }
const empty = '{"resourceSpans":[]}'
const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }

describe('on loopback', () => {
  let up: RunningUp
  beforeAll(async () => {
    up = await startUp(['--memory', '--allow-origin', 'https://app.example/'])
  })
  afterAll(() => up.stop())
  const traces = () => `${up.otlp}/v1/traces`

  it('answers under its own names alone, so that no rebound name reads anything', async () => {
    for (const url of [`${up.url}/api/search`, `${up.url}/`, `${up.url}/api/afn/stats`]) {
      expect(await ask(url, { host: 'evil.example' })).toMatchObject({
        status: 403,
        body: expect.stringContaining('evil.example'),
      })
    }
    expect((await ask(traces(), { host: 'evil.example', ...json }, 'POST', empty)).status).toBe(403)
    expect((await ask(`${up.url}/api/afn/stats`, { host: `localhost:${new URL(up.url).port}` })).status).toBe(200)
  })

  it('answers no page of another site, and lets none read an answer', async () => {
    expect((await ask(`${up.url}/api/search`, foreign)).status).toBe(403)
    const preflight = { ...foreign, 'access-control-request-method': 'GET' }
    const { status, headers } = await ask(`${up.url}/api/search`, preflight, 'OPTIONS')
    expect({ status, allowed: headers['access-control-allow-origin'] }).toEqual({ status: 403, allowed: undefined })
    const own = await ask(`${up.url}/api/afn/stats`)
    expect(own.headers).toMatchObject({ 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'no-store' })
    expect(own.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('accepts no telemetry from a page that no option names', async () => {
    expect((await ask(traces(), { ...foreign, ...json }, 'POST', empty)).status).toBe(403)
    const preflight = { ...foreign, 'access-control-request-method': 'POST' }
    expect((await ask(traces(), preflight, 'OPTIONS')).headers['access-control-allow-origin']).toBeUndefined()
  })

  it('takes it from one that an option names, after the preflight of a browser', async () => {
    const app = { ...foreign, origin: 'https://app.example' }
    const preflight = await ask(
      traces(),
      { ...app, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,traceparent' },
      'OPTIONS',
    )
    expect(preflight).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type,traceparent',
        vary: 'origin',
      },
    })
    expect(await ask(traces(), { ...app, ...json }, 'POST', empty)).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://app.example' },
    })
  })

  it('has an API that changes nothing, and says which methods it takes', async () => {
    expect(await ask(`${up.url}/api/search`, {}, 'POST')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    })
    expect((await ask(`${up.url}/api/afn/stats`, {}, 'DELETE')).status).toBe(405)
    expect(await ask(`${up.url}/ready`, {}, 'HEAD')).toMatchObject({ status: 200, body: '' })
  })

  it('lets its page load its own files only, and no site frame it', async () => {
    const page = await ask(`${up.url}/`)
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } })
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /)
    expect(page.headers['content-security-policy']).not.toContain('unsafe')
    expect(page.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
    expect(page.body).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=|https?:/)
    const [, script = ''] = /src="\.(\/[^"]+\.js)"/.exec(page.body) ?? []
    expect(await ask(up.url + script)).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': expect.stringContaining('immutable'),
      },
    })
    for (const outside of ['/..%2f..%2fpackage.json', '/%2e%2e/package.json', '/assets/../../package.json', '/no.js'])
      expect((await ask(up.url + outside)).status).toBe(404)
  })

  it('limits what a request may be long', async () => {
    expect((await ask(`${up.url}/api/search?q=${'x'.repeat(20_000)}`)).status).toBe(431)
  })
})

describe('with a token', () => {
  let up: RunningUp
  beforeAll(async () => {
    const folder = upFolder()
    writeFileSync(path.join(folder, 'token'), 'geheim\n')
    up = await startUp(['--memory', '--host', '0.0.0.0', '--token-file', 'token'], { folder })
  })
  afterAll(() => up.stop())
  const local = (url: string) => url.replace('0.0.0.0', '127.0.0.1')

  it('wants the token from everybody, on both ports', async () => {
    for (const url of [`${local(up.url)}/`, `${local(up.url)}/api/search`]) {
      expect(await ask(url)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': expect.stringMatching(/^Basic /) },
      })
      expect((await ask(url, { authorization: 'Bearer falsch' })).status).toBe(401)
      expect((await ask(url, { authorization: 'Bearer geheim' })).status).toBe(200)
      expect((await ask(url, { authorization: `Basic ${btoa('me:geheim')}` })).status).toBe(200)
    }
    const post = (headers = {}) => ask(`${local(up.otlp)}/v1/traces`, { ...json, ...headers }, 'POST', empty)
    expect((await post()).status).toBe(401)
    expect((await post({ authorization: 'Bearer geheim' })).status).toBe(200)
  })

  it('is sent by the commands', async () => {
    const env = { AFN_LOCAL_URL: local(up.url) }
    expect(await up.command(['stats'], env)).toMatchObject({ code: 1, stderr: expect.stringContaining('401') })
    expect(await up.command(['stats'], { ...env, AFN_LOCAL_TOKEN: 'geheim' })).toMatchObject({ code: 0 })
    expect(await up.command(['query', '{}'], { ...env, AFN_LOCAL_TOKEN: 'geheim' })).toMatchObject({ code: 0 })
  })
})

it.each([
  [['--memory', '--data', 'data'], '--memory writes nothing'],
  [['--data', ''], '--data needs a folder'],
])('the command line %j is refused, since data would be where nobody looks for it', async (args, why) => {
  expect(await runUp(upFolder(), args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(why) })
})

it('without a token it does not bind beyond loopback', async () => {
  expect(await runUp(upFolder(), ['--memory', '--host', '0.0.0.0'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('AFN_LOCAL_TOKEN'),
  })
})
