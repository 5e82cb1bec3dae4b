/** Reads when nobody is to be woken: business hours and maintenance. */
import { listOf, mapOf, type Path } from '../../shared/config/checked-file'
import { type Maintenance, type Weekday, type WeeklyWindow, weekdays } from './config'
import { namesIn, type RawFile, textOf } from './raw'
import { minutesBetween } from './times'

const LONGEST_DAYS = 31

export function businessHoursIn(file: RawFile, timeZone: string): WeeklyWindow {
  const raw = mapOf(file.value.business_hours)
  const path = ['business_hours']
  const [from, to] = [textOf(raw.from) ?? '09:00', textOf(raw.to) ?? '18:00']
  if (raw.from !== undefined && raw.to !== undefined) expectLength(file, from, to, path)
  const days = raw.days === undefined ? weekdays.slice(0, 5) : (namesIn(raw.days) as Weekday[])
  return { days, from, to, timeZone: file.timeZone(raw, path) ?? timeZone }
}

function expectLength(file: RawFile, from: string, to: string, path: Path): void {
  if (from === to) file.wrong([...path, 'to'], `from and to are both ${from}; the whole day is from "00:00" to "24:00"`)
  if (from === '24:00') file.wrong([...path, 'from'], 'a window must begin by "23:59"')
}

export function maintenanceIn(file: RawFile, timeZone: string): Maintenance[] {
  const names = new Set<string>()
  return listOf(file.value.maintenance).map((item, index) => {
    const raw = mapOf(item)
    const path = ['maintenance', index]
    file.expectOnce(raw.name, names, [...path, 'name'])
    const zone = file.timeZone(raw, path) ?? timeZone
    const [from, to] = [raw.from, raw.to].map(text => (textOf(text) ?? '').replace('T', ' ')) as [string, string]
    const days = raw.days === undefined ? undefined : (namesIn(raw.days) as Weekday[])
    expectWindow(file, from, to, days !== undefined, path)
    const services = namesIn(raw.services)
    const name = String(raw.name)
    if (from.includes(' ')) return { name, services, window: { from, to, timeZone: zone } }
    return { name, services, window: { days: days ?? [...weekdays], from, to, timeZone: zone } }
  })
}

function expectWindow(file: RawFile, from: string, to: string, hasDays: boolean, path: Path): void {
  if (from === '' || to === '') return
  const [fromDate, toDate] = [from, to].map(text => text.includes(' ')) as [boolean, boolean]
  if (fromDate !== toDate)
    return file.wrong(
      [...path, fromDate ? 'to' : 'from'],
      'from and to must both be dates with a time, or both times of day for a recurring window',
    )
  if (!fromDate) return expectLength(file, from, to, path)
  if (hasDays)
    return file.wrong([...path, 'days'], 'days apply only to a weekly window; remove them, or the dates in from and to')
  const minutes = minutesBetween(from, to)
  if (minutes === undefined) {
    if (/^\d{4}-\d\d-\d\d /.test(from) && /^\d{4}-\d\d-\d\d /.test(to)) {
      const wrong = minutesBetween(from, from) === undefined ? 'from' : 'to'
      file.wrong([...path, wrong], `no such date: ${(wrong === 'from' ? from : to).slice(0, 10)}`)
    }
  } else if (minutes <= 0) file.wrong([...path, 'to'], `${to} is not after ${from}`)
  else if (minutes > LONGEST_DAYS * 1_440)
    file.wrong(
      [...path, 'to'],
      `nobody would be notified for ${Math.ceil(minutes / 1_440)} days; at most ${LONGEST_DAYS} are allowed. Check the date`,
    )
  else if (Date.parse(`${to.replace(' ', 'T')}:00Z`) < Date.now() - 86_400_000)
    file.note([...path, 'to'], `this window ended ${to}; remove it`)
}
