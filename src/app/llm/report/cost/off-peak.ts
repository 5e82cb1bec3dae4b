// Off-peak prices, by hours in UTC.

export interface OffPeak {
  readonly windows?: readonly {
    readonly hours_utc: string | readonly string[]
    readonly weekdays?: readonly number[]
  }[]
}

export function isOffPeak({ windows = [] }: OffPeak, at: Date): boolean {
  const weekday = at.getUTCDay() || 7
  const minute = at.getUTCHours() * 60 + at.getUTCMinutes()
  return windows.some(
    ({ hours_utc, weekdays }) => (weekdays ?? [weekday]).includes(weekday) && [hours_utc].flat().some(isWithin),
  )

  function isWithin(hours: string): boolean {
    const [from = 0, to = 0] = hours.split('-').map(time => {
      const [hour = 0, minutes = 0] = time.split(':').map(Number)
      return hour * 60 + minutes
    })
    if (to <= from && to !== 0) return minute >= from || minute < to
    return minute >= from && (to === 0 || minute < to)
  }
}
