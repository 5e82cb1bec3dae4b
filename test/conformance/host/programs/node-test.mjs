// node's own test runner: mocks of fetch and of functions that we replace.
import assert from 'node:assert/strict'
import http from 'node:http'
import { describe, it, mock } from 'node:test'

describe('mocks', () => {
  it('fetch', async () => {
    const original = fetch
    const mocked = mock.method(globalThis, 'fetch', async () => new Response('mocked'))
    assert.equal(await (await fetch('http://example.test')).text(), 'mocked')
    assert.equal(mocked.mock.callCount(), 1)
    mock.restoreAll()
    assert.equal(fetch, original)
  })
  it('http.request', () => {
    const mocked = mock.method(http, 'request', () => 'mocked')
    assert.equal(http.request('http://example.test'), 'mocked')
    assert.equal(mocked.mock.callCount(), 1)
    mock.restoreAll()
  })
  it('timers', () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    let called = false
    setTimeout(() => {
      called = true
    }, 1000)
    mock.timers.tick(1000)
    assert.equal(called, true)
    mock.timers.reset()
  })
})
