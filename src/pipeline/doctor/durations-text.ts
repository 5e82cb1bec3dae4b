// Ages as a reader wants them.
import { secondsPer } from '../../shared/durations'

/** Whole units, the largest that there is one of: 3 h. */
export function spanOfSeconds(seconds: number): string {
  const unit = (['d', 'h', 'm'] as const).find(unit => seconds >= secondsPer[unit]) ?? 's'
  return `${Math.floor(seconds / secondsPer[unit])} ${unit}`
}
