// What follows from checks, without a server: the states, the cache, and checks of an app that break every rule. The schema of each
// body is that of the draft (document.ts).
import { describe, expect, it, vi } from 'vitest'
import type { Check, Reading } from '../../src/app/health/check'
import { addCheck, type CheckOptions } from '../../src/app/health/define'
import { Health } from '../../src/app/health/health'
import { createAnswers, type ProbeResponse } from '../../src/app/health/probe-answers'
import { documentIn, type HealthCheck } from './document'

const token = 'a token of thirty-two characters'

function setUp(isolated = false) {
  const problems: string[] = []
  const runs: string[] = []
  const health = new Health({
    isolated,
    apart: work => work(),
    ran: ({ name }, status) => runs.push(`${name} ${status}`),
    misbehaved: ({ name }, problem) => problems.push(`${name} ${problem}`),
  })
  const answers = createAnswers({
    health,
    path: '/health',
    token,
    service: { name: 'shop', version: '1.2.3' },
    onFailure: error => problems.push(String(error)),
  })
  const ask = async (path: string, more: { method?: string; authorization?: string } = {}): Promise<ProbeResponse> =>
    answers.answer({ method: 'GET', path, ...more })
  return {
    health,
    problems,
    runs,
    answers,
    ask,
    define: (options: CheckOptions) =>
      addCheck(
        () => health,
        options,
        problem => problems.push(problem),
      ),
    async status(path: string) {
      const { status, body } = await ask(path)
      return [status, documentIn(body).status]
    },
    async checks(): Promise<Record<string, HealthCheck[]>> {
      return documentIn((await ask('/health', { authorization: `Bearer ${token}` })).body).checks ?? {}
    },
  }
}

const found = (status: Reading['status']): Check => ({
  name: 'turso',
  componentType: 'datastore',
  required: true,
  isDiscovered: true,
  timeoutMs: 1_000,
  periodMs: 5_000,
  run: async () => ({ status }),
})

/** Lets results age without waiting: the period is of the monotonic clock, which the module took when it was loaded. */
const aged = () => new Promise(resolve => setTimeout(resolve, 3))

const passes = (): boolean => true

describe('the endpoints of health', () => {
  it('answer 200 without a check', async () => {
    const { status } = setUp()
    expect(await Promise.all(['/health', '/health/ready', '/health/live'].map(status))).toEqual(
      Array(3).fill([200, 'pass']),
    )
  })

  it('a required check that fails makes readiness fail, and liveness does not run it', async () => {
    const { status, define, runs } = setUp()
    define({ name: 'db', required: true, check: () => false })
    expect(await status('/health/live')).toEqual([200, 'pass'])
    expect(runs).toEqual([])
    expect(await status('/health/ready')).toEqual([503, 'fail'])
    expect(await status('/health')).toEqual([503, 'fail'])
  })

  it('a check that is not required and fails is a warning', async () => {
    const { status, define } = setUp()
    define({ name: 'langfuse', check: () => false })
    expect(await status('/health')).toEqual([200, 'warn'])
    expect(await status('/health/ready')).toEqual([200, 'pass'])
  })

  it('readiness does not wait for what the app can do without', async () => {
    const { status, define, runs } = setUp()
    define({ name: 'llm', check: () => new Promise<boolean>(() => {}) })
    expect(await status('/health/ready')).toEqual([200, 'pass'])
    expect(runs).toEqual([])
  })

  it('one failure after a success is a warning, two are a failure, one success is enough again', async () => {
    const { status, define, checks } = setUp()
    let result = true
    define({ name: 'db', required: true, periodMs: 1, check: () => result })
    const seen: unknown[] = []
    for (const next of [true, false, true, false, false, false, true]) {
      result = next
      await aged()
      seen.push([...(await status('/health/ready')), (await checks())['db:responseTime']?.[0]?.status])
      // `checks()` may have run it once more
      await aged()
    }
    expect(seen[0]).toEqual([200, 'pass', 'pass'])
    expect(seen[1]?.toString()).toMatch(/^200,warn,(warn|fail)$/)
    expect(seen[2]).toEqual([200, 'pass', 'pass'])
    expect(seen[4]).toEqual([503, 'fail', 'fail'])
    expect(seen[5]).toEqual([503, 'fail', 'fail'])
    expect(seen[6]).toEqual([200, 'pass', 'pass'])
  })

  it('before its first success a single failure is one: the app has not started yet, and says so', async () => {
    const { define, ask } = setUp()
    let result = false
    define({ name: 'db', required: true, periodMs: 1, check: () => result })
    const before = await ask('/health/ready', { authorization: `Bearer ${token}` })
    expect(before.status).toBe(503)
    expect(documentIn(before.body).notes).toEqual(['starting: a required check has not passed yet'])
    result = true
    await aged()
    const after = await ask('/health/ready', { authorization: `Bearer ${token}` })
    expect([after.status, documentIn(after.body).notes]).toEqual([200, undefined])
  })

  it('a draining app is not ready at once, is alive, and checks no dependency any more', async () => {
    const { health, status, define, runs } = setUp()
    define({ name: 'db', required: true, periodMs: 1, check: () => true })
    expect(await status('/health/ready')).toEqual([200, 'pass'])
    const stay = health.drain()
    await aged()
    expect(await Promise.all(['/health', '/health/ready', '/health/live'].map(status))).toEqual([
      [503, 'fail'],
      [503, 'fail'],
      [200, 'pass'],
    ])
    expect(runs).toHaveLength(1)
    stay()
    expect(await status('/health/ready')).toEqual([200, 'pass'])
  })
})

describe('answers of the endpoints of health', () => {
  it('have the type of the draft, are never stored, and say when to ask again', async () => {
    const { define, ask } = setUp()
    const { headers } = await ask('/health')
    expect(headers).toMatchObject({ 'content-type': 'application/health+json', 'cache-control': 'no-store' })
    expect(headers).not.toHaveProperty('retry-after')
    define({ name: 'db', required: true, periodMs: 7_000, check: () => false })
    for (const path of ['/health', '/health/ready']) expect((await ask(path)).headers['retry-after']).toBe('7')
    expect((await ask('/health/live')).headers).not.toHaveProperty('retry-after')
  })

  it('to HEAD are those to GET without the body', async () => {
    const { define, ask } = setUp()
    define({ name: 'db', required: true, check: () => false })
    const [get, head] = [await ask('/health'), await ask('/health', { method: 'HEAD' })]
    expect(head).toEqual({ ...get, body: '' })
    expect(head.headers['content-length']).toBe(String(get.body.length))
  })

  it('to other methods and paths are none of health', async () => {
    const { ask, answers } = setUp()
    const post = await ask('/health', { method: 'POST' })
    expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD'])
    for (const path of ['/', '/healthy', '/health/livex', '/health/__proto__', '/constructor', '/health//live'])
      expect([path, (await ask(path)).status, answers.isOurs(path)]).toEqual([path, 404, false])
    for (const path of ['/health/', '/health?a=b', '/health/live/?x']) expect((await ask(path)).status).toBe(200)
  })

  it.each([
    ['none', undefined],
    ['a wrong one', 'Bearer a token of thirty-two character!'],
    ['a shorter one', 'Bearer a token'],
    ['an empty one', ''],
    ['a repeated one', `Bearer ${token}Bearer ${token}`],
    ['another scheme', `Basic ${token}`],
  ])('without the token (%s) they are a status alone', async (_, authorization) => {
    const { define, ask } = setUp()
    define({ name: 'db', check: () => ({ status: 'warn', output: 'slow' }) })
    const { body } = await ask('/health', authorization === undefined ? {} : { authorization })
    expect(body).toBe('{"status":"warn"}')
  })

  it('with the token they name the service and each check, and why one has failed', async () => {
    const { define, ask } = setUp()
    define({ name: 'db', check: () => true, componentType: 'datastore' })
    define({ name: 'disk', check: () => ({ status: 'warn', output: 'space', measurement: 'utilization', observedValue: 91, observedUnit: 'percent' }) }) // biome-ignore format: one line
    const document = documentIn((await ask('/health', { authorization: `Bearer ${token}` })).body)
    expect(document).toMatchObject({ status: 'warn', serviceId: 'shop', version: '1.2.3' })
    expect(document.checks?.['db:responseTime']).toMatchObject([{ componentType: 'datastore', status: 'pass', observedUnit: 'ms' }]) // biome-ignore format: one line
    expect(document.checks?.['disk:utilization']).toMatchObject([
      { status: 'warn', output: 'space', observedValue: 91 },
    ])
  })

  it('are there when our code fails, which takes no app out of service', async () => {
    const { health, status, problems } = setUp()
    vi.spyOn(health, 'look').mockRejectedValue(new Error('broken'))
    vi.spyOn(health, 'ready').mockRejectedValue(new Error('broken'))
    expect(await Promise.all(['/health', '/health/ready', '/health/live'].map(status))).toEqual([
      [200, 'warn'],
      [200, 'warn'],
      [200, 'pass'],
    ])
    expect(problems).toHaveLength(2)
  })
})

describe('checks of health', () => {
  it('run once for all probes of a period', async () => {
    const { define, ask, runs } = setUp()
    let checked = 0
    define({
      name: 'db',
      required: true,
      async check() {
        checked++
        await new Promise(resolve => setTimeout(resolve, 20))
      },
    })
    await Promise.all(Array.from({ length: 1_000 }, (_, n) => ask(n % 2 ? '/health' : '/health/ready')))
    for (let n = 0; n < 1_000; n++) await ask('/health')
    expect([checked, runs]).toEqual([1, ['db pass']])
  })

  it('run for each request where requests cannot share a run, and once a period even there', async () => {
    const { define, ask, runs } = setUp(true)
    define({ name: 'db', check: () => true })
    await ask('/health')
    await ask('/health')
    expect(runs).toEqual(['db pass'])
  })

  it.each<[string, CheckOptions['check'], string]>([
    ['throws a string', () => Promise.reject('postgres://user:secret@host/db'), 'error'],
    ['throws nothing', () => Promise.reject(undefined), 'error'],
    ['throws at once', () => { throw new Error('host 10.0.0.1') }, 'error'], // biome-ignore format: one line
    ['throws what cannot be read', () => Promise.reject(new Proxy({}, { get() { throw new Error('no') }, getPrototypeOf() { throw new Error('no') } })), 'error'], // biome-ignore format: one line
    ['throws an error of the network', () => Promise.reject(Object.assign(new Error('10.0.0.1'), { code: 'ECONNREFUSED' })), 'refused'], // biome-ignore format: one line
    ['throws what undici throws', () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })), 'dns'], // biome-ignore format: one line
    ['never settles', () => new Promise(() => {}), 'timeout'],
    ['returns a number', (() => 1) as never, 'invalid result'],
    ['returns null', (() => null) as never, 'invalid result'],
    ['returns a status of its own', (() => ({ status: 'up' })) as never, 'invalid result'],
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    ['is a thenable that never calls', () => ({ then() {} }) as never, 'timeout'],
  ])('a check that %s has failed, and shows nothing of what was thrown', async (_, check, output) => {
    const { define, checks } = setUp()
    define({ name: 'own', timeoutMs: 50, check })
    const [own] = (await checks())['own:responseTime'] ?? []
    expect(own).toMatchObject({ status: 'fail', output })
  })

  it('a check that settles twice counts by the first result', async () => {
    const { define, checks } = setUp()
    define({
      name: 'own',
      check: () => ({
        // biome-ignore lint/suspicious/noThenProperty: that is what is tested
        then(resolve: (value: boolean) => void, reject: (error: Error) => void) {
          resolve(true)
          reject(new Error('second'))
          resolve(false)
        },
      }) as never, // biome-ignore format: one line
    })
    expect((await checks())['own:responseTime']?.[0]?.status).toBe('pass')
  })

  it('a check that never settles is not started again and again', async () => {
    const { define, ask } = setUp()
    let begun = 0
    const check = () => new Promise<boolean>(() => void begun++)
    define({ name: 'own', timeoutMs: 5, periodMs: 1, check })
    for (let n = 0; n < 20; n++) {
      await ask('/health')
      await aged()
    }
    expect(begun).toBe(2)
  })

  it('a run that hung is no failure of the next one, however many wait for that', async () => {
    const { define, ask, checks, runs } = setUp()
    let begun = 0
    const check = () =>
      ++begun === 1 ? new Promise<boolean>(() => {}) : new Promise<boolean>(resolve => setTimeout(resolve, 20, true))
    define({ name: 'own', timeoutMs: 200, check })
    await ask('/health')
    define({ name: 'second', timeoutMs: 200, periodMs: 1, check })
    await Promise.all(Array.from({ length: 50 }, () => ask('/health')))
    expect((await checks())['second:responseTime']?.[0]?.status).toBe('pass')
    expect(runs.filter(run => run === 'second fail')).toEqual([])
  })

  it('a check gets a signal that aborts at its time-out, and runs again when it has ended', async () => {
    const { define, checks } = setUp()
    let begun = 0
    define({
      name: 'own',
      timeoutMs: 10,
      periodMs: 1,
      check: signal =>
        ++begun > 4 || new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('let go')))),
    })
    const seen: unknown[] = []
    for (let n = 0; n < 6; n++) {
      await aged()
      seen.push((await checks())['own:responseTime']?.[0]?.output)
    }
    expect(seen).toEqual([...Array(4).fill('timeout'), undefined, undefined])
  })

  it('ten thousand answer all, in turns that leave the loop to the app', async () => {
    const { define, checks, status } = setUp()
    for (let n = 0; n < 10_000; n++) define({ name: `own-${n}`, check: () => n !== 5_000 })
    let turns = 0
    const count = setImmediate(function again() {
      turns++
      if (turns < 1_000) setImmediate(again)
    })
    const all = await checks()
    clearImmediate(count)
    expect(Object.keys(all)).toHaveLength(10_000)
    expect(turns).toBeGreaterThan(20)
    expect(await status('/health')).toEqual([200, 'warn'])
  })

  it('a second check of a name replaces the first, and the first can no longer be removed', async () => {
    const { define, checks } = setUp()
    const remove = define({ name: 'db', check: () => false })
    const removeSecond = define({ name: 'db', check: () => true })
    remove()
    expect((await checks())['db:responseTime']).toHaveLength(1)
    expect((await checks())['db:responseTime']?.[0]?.status).toBe('pass')
    removeSecond()
    expect(await checks()).toEqual({})
  })

  it('a check of the app replaces the discovered one of its name, whichever comes first', async () => {
    for (const order of ['app first', 'found first']) {
      const { health, define, checks } = setUp()
      const steps: (() => unknown)[] = [
        () => define({ name: 'turso', check: () => true }),
        () => health.add(found('fail')),
      ]
      for (const step of order === 'app first' ? steps : steps.reverse()) step()
      expect((await checks())['turso:responseTime']?.[0]?.status).toBe('pass')
    }
  })

  it.each([
    ['nothing', undefined, /requires an object/],
    ['no name', { check: passes }, /the name must be/],
    ['a name that would split a key', { name: 'a:b', check: passes }, /the name must be/],
    ['no function', { name: 'a', check: true }, /has no function/],
  ])('a check with %s is reported and left out', async (_, options, problem) => {
    const { define, checks, problems } = setUp()
    define(options as never)()
    expect(problems).toEqual([expect.stringMatching(problem)])
    expect(await checks()).toEqual({})
  })
})
