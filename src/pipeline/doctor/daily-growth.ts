// A counter's growth within a day, in PromQL.

/**
 * `increase()` sees nothing of a series that began with its first count and stayed there, as one of a single leak does. So a
 * series that was not there a day ago counts with its value.
 */
export const grownInADay = (selector: string): string =>
  `((increase(${selector}[1d]) and (${selector} offset 1d)) or last_over_time(${selector}[1d]))`
