// Numbers that states give to persons.
import { elsewhere } from './national-elsewhere.mjs'
import { european } from './national-europe.mjs'

/** United States, with the areas that were given out. @param {import('../random.mjs').Random} random */
export const ssn = random => {
  const area = random.pick([random.int(1, 665), random.int(667, 899)])
  return `${random.pad(area, 3)}-${random.pad(random.int(1, 99))}-${random.pad(random.int(1, 9999), 4)}`
}

export const national = { ...european, ...elsewhere }
