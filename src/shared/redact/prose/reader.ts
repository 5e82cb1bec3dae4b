// Joins what finds persons to the scanner.
import type { CreateProse } from '../scan/scanner'
import type { FindPersons } from '.'

export function readerOf(find: FindPersons): CreateProse {
  return (text, taken, found) => {
    const persons = find(text)
    return (from, to) => persons.read(from, to, taken, (start, end) => found.add(start, end, 'NAME'))
  }
}
