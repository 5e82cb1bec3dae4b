// What the receipt says of places that no command reaches.
import { expect, it } from 'vitest'
import { elsewhere } from '../../../src/operations/gdpr/stores/elsewhere'

const day = Date.UTC(2026, 10, 28)
const named = (...endpoints: string[]) => elsewhere(endpoints, day).map(({ what }) => what)

it('names each processor to which the settings send, and none for a Collector of our own', () => {
  const own = named('http://localhost:4318', 'http://collector.internal:4318', 'not a URL')
  expect(own).toHaveLength(4)
  expect(own.join()).not.toMatch(/Datadog|LangFuse|LangSmith|PostHog|Sentry/)
  expect(named('https://otlp.datadoghq.eu/v1/traces')).toContain('data at Datadog')
  expect(named('https://us.cloud.langfuse.com')).toContain('data at LangFuse Cloud')
  // the end of a name is not the end of a host
  expect(named('https://notsentry.io')).toEqual(own)
})

it('gives the day until which a browser of the person keeps what it has not sent, and no date where nothing ends it', () => {
  const dates = Object.fromEntries(elsewhere([], day).map(({ what, agesOut }) => [what, agesOut]))
  expect(dates['unsent data in the browsers of the person']).toBe('2026-11-29T00:00:00.000Z')
  expect(dates.backups).toBeNull()
})
