// A time in the reader's zone, with UTC to the nanosecond on hover.
import { localTime, relative, utcTime } from '../data/format'
import { usePreferences } from '../i18n'

/** @param ns nanoseconds since 1970; shown to the second where there is no room for more */
export function Time({ ns, short = false }: { ns: bigint; short?: boolean }) {
  const { language } = usePreferences()
  const utc = utcTime(ns)
  return (
    <time class="time" dateTime={utc} title={utc}>
      {localTime(Number(ns / 1_000_000n), language, undefined, short)}
    </time>
  )
}

/** @param seconds since 1970; shown as `3 minutes ago` when `ago` is given */
export function TimeOfSeconds({ seconds, ago = false }: { seconds: number; ago?: boolean }) {
  const { language } = usePreferences()
  const utc = utcTime(BigInt(Math.round(seconds * 1e6)) * 1_000n)
  return (
    <time class="time" dateTime={utc} title={utc}>
      {ago ? relative(seconds, language) : localTime(seconds * 1000, language)}
    </time>
  )
}
