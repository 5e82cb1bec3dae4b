// What the embedded backend says of objectives, held against the numbers that were sent.
import { afterEach, expect, it } from 'vitest'
import { ownEvaluator } from '../../../../src/local/alerts/own-evaluator'
import { openStore, type Store } from '../../../../src/local/store/store'
import { countsOf, requests, scenes, slos } from '../../../prometheus/burning'

let store: Store
afterEach(() => store.close())

it('fires exactly the alerts that follow from the numbers, and counts each event once', async () => {
  store = await openStore({ path: ':memory:' })
  const now = Date.now()
  const evaluator = ownEvaluator({ store, slos, now: () => now })
  for (const request of requests(now)) await store.write('metrics', request)
  const { active, objectives } = await evaluator.evaluate(new AbortController().signal)
  const fired = (service: string) =>
    active.filter(alert => alert.service === service && alert.state === 'firing').map(({ name }) => name)
  for (const scene of scenes) {
    expect([scene.service, fired(scene.service).sort()]).toEqual([scene.service, scene.fires])
    const { requests: events, failed, slow } = countsOf(scene)
    const objective = objectives.find(one => one.service === scene.service)
    expect(objective?.figures).toMatchObject({ events, bad: scene.service === 'tardy' ? slow : failed })
  }
})
