// Dates of birth inside of numbers, and the search for a number that has a check digit.

/** @typedef {import('../random.mjs').Random} Random */

/** @param {Random} random */
export const dateOfBirth = random => ({
  year: random.int(1945, 2005),
  month: random.pad(random.int(1, 12)),
  day: random.pad(random.int(1, 28)),
})

/** YYMMDD. @param {Random} random */
export const born = random => {
  const { year, month, day } = dateOfBirth(random)
  return random.pad(year % 100) + month + day
}

/** Asks until there is one: some heads have no check digit. @param {() => string | undefined} make */
export function until(make) {
  for (;;) {
    const value = make()
    if (value !== undefined) return value
  }
}

/** @param {number} sum */
export const elevenMinus = sum => 11 - (sum % 11)
