// Days and periods by the clocks of a zone. What the days are is what Temporal says, of the package temporal-polyfill 0.3: of each day
// `Temporal.PlainDate.from(day).toZonedDateTime(zone)` and the same of the day after. Weeks are those of Python's `date.isocalendar()`.
import { describe, expect, it } from 'vitest'
import { addDays } from '../../../src/shared/calendar/dates'
import { daysOf, hoursOf, periodAt, periodKinds } from '../../../src/shared/calendar/period'
import { startOfDay, wrongTimeZone } from '../../../src/shared/calendar/time-zone'

const HOUR = 3_600_000

describe('a day of a zone', () => {
  it.each([
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', 23],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', 25],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', 25],
    // midnight does not come
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z', 23],
    ['America/Santiago', '2026-09-06', '2026-09-06T04:00:00Z', 23],
    // the hour before midnight comes twice
    ['America/Sao_Paulo', '2019-02-17', '2019-02-17T03:00:00Z', 24],
    ['America/Sao_Paulo', '2019-02-16', '2019-02-16T02:00:00Z', 25],
    // midnight comes twice
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00Z', 25],
    // a minute after midnight the clocks go back to the day before
    ['America/St_Johns', '2010-11-07', '2010-11-07T02:30:00Z', 25],
    // by half an hour
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00Z', 24.5],
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00Z', 23.5],
    // the day that Samoa left out
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z', 0],
    ['Asia/Kathmandu', '2026-02-28', '2026-02-27T18:15:00Z', 24],
    ['Asia/Tokyo', '2026-12-31', '2026-12-30T15:00:00Z', 24],
  ])('%s %s begins at %s and has %d hours', (zone, day, start, hours) => {
    expect(startOfDay(day, zone)).toBe(Date.parse(start))
    expect((startOfDay(addDays(day, 1), zone) - startOfDay(day, zone)) / HOUR).toBe(hours)
  })

  it('that a zone left out is none of its days', () => {
    const span = { start: startOfDay('2011-12-29', 'Pacific/Apia'), end: startOfDay('2012-01-01', 'Pacific/Apia') }
    expect(daysOf(span, 'Pacific/Apia').map(({ date }) => date)).toEqual(['2011-12-29', '2011-12-31'])
  })
})

describe('a period', () => {
  it.each([
    ['2026-01-01', '2026-W01'],
    ['2026-11-27', '2026-W48'],
    ['2027-01-03', '2026-W53'],
    ['2020-12-31', '2020-W53'],
    ['2024-12-30', '2025-W01'],
    ['2021-01-03', '2020-W53'],
  ])('of a week has the number of ISO 8601: %s is in %s', (day, id) => {
    expect(periodAt('week', startOfDay(day, 'Asia/Tokyo'), 'Asia/Tokyo').id).toBe(id)
  })

  it('of a month ends where the next one begins, leap years and the end of the year too', () => {
    const ids = ['2024-01', '2024-02', '2024-12', '2025-02']
    const months = ids.map(id => periodAt('month', Date.parse(`${id}-20T12:00:00Z`), 'Europe/Berlin'))
    expect(months.map(({ id }) => id)).toEqual(ids)
    expect(months.map(({ start, end }) => (end - start) / (24 * HOUR))).toEqual([31, 29, 31, 28])
    const march = periodAt('month', Date.parse('2026-03-20T12:00:00Z'), 'Europe/Berlin')
    expect((march.end - march.start) / HOUR).toBe(31 * 24 - 1)
  })

  it.each(periodKinds)('of a %s leaves no moment out and has none twice, whatever the clocks do', kind => {
    for (const zone of ['America/St_Johns', 'America/Havana', 'America/Sao_Paulo', 'Pacific/Apia', 'Asia/Tokyo']) {
      let at = Date.parse('2010-01-01T00:00:00Z')
      for (let period = periodAt(kind, at, zone); at < Date.parse('2012-06-01T00:00:00Z'); at = period.end) {
        const next = periodAt(kind, period.end, zone)
        expect(next.start).toBe(period.end)
        expect(periodAt(kind, period.end - 1, zone)).toEqual(period)
        expect(periodAt(kind, Math.floor((period.start + period.end) / 2), zone)).toEqual(period)
        expect(next.id > period.id).toBe(true)
        period = next
      }
    }
  })

  it('of a day is cut into 25 hours when the clocks are put back', () => {
    const day = periodAt('day', Date.parse('2026-10-25T12:00:00Z'), 'Europe/Berlin')
    expect(hoursOf(day)).toHaveLength(25)
    expect(daysOf(day, 'Europe/Berlin')).toEqual([{ date: '2026-10-25', start: day.start, end: day.end }])
  })
})

describe('a name of a zone', () => {
  it.each(['UTC', 'Asia/Tokyo', 'America/Port-au-Prince', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])(
    '%s is one',
    name => {
      expect(wrongTimeZone(name)).toBeUndefined()
    },
  )

  it.each([
    ['Asia/Tokio', 'Asia/Tokyo'],
    ['+09:00', undefined],
    ['Berlin', undefined],
    ['JST', undefined],
  ])('%s is none, and what is near is named', (name, near) => {
    expect(wrongTimeZone(name)).toContain(near ?? `unknown time zone "${name}"`)
  })
})
