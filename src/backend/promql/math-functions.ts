/** Functions that apply to each sample on its own. */

const degree = Math.PI / 180

export const mathFunctions: ReadonlyMap<string, (value: number) => number> = new Map<string, (value: number) => number>(
  [
    ['abs', Math.abs],
    ['acos', Math.acos],
    ['acosh', Math.acosh],
    ['asin', Math.asin],
    ['asinh', Math.asinh],
    ['atan', Math.atan],
    ['atanh', Math.atanh],
    ['ceil', Math.ceil],
    ['cos', Math.cos],
    ['cosh', Math.cosh],
    ['deg', value => value / degree],
    ['exp', Math.exp],
    ['floor', Math.floor],
    ['ln', Math.log],
    ['log10', Math.log10],
    ['log2', Math.log2],
    ['rad', value => value * degree],
    ['sgn', value => (value < 0 ? -1 : value > 0 ? 1 : value)],
    ['sin', Math.sin],
    ['sinh', Math.sinh],
    ['sqrt', Math.sqrt],
    ['tan', Math.tan],
    ['tanh', Math.tanh],
  ],
)

const DAY = 86_400_000

const monthOf = (date: Date, more: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + more)

/** Date functions in UTC. The argument is in seconds since 1970. */
export const timeFunctions: ReadonlyMap<string, (seconds: number) => number> = new Map(
  Object.entries({
    minute: (date: Date) => date.getUTCMinutes(),
    hour: (date: Date) => date.getUTCHours(),
    day_of_week: (date: Date) => date.getUTCDay(),
    day_of_month: (date: Date) => date.getUTCDate(),
    day_of_year: (date: Date) => 1 + Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear())) / DAY),
    days_in_month: (date: Date) => (monthOf(date, 1) - monthOf(date, 0)) / DAY,
    month: (date: Date) => date.getUTCMonth() + 1,
    year: (date: Date) => date.getUTCFullYear(),
  }).map(([name, part]) => [name, seconds => part(new Date(Math.trunc(seconds) * 1_000))]),
)
