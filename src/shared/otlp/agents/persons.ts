// The person for whom an agent works: one pseudonym, in place of whatever names of theirs it sends.
import { ATTR_USER_ID } from '../../../../semconv'
import type { AttributeList } from './attributes'
import { OF_PROCESS, PERSONS } from './dialect'

/** Of an e-mail address, or of an id. */
export type PseudonymOf = (value: string) => string

/**
 * Takes the names of a person out, in place.
 * @param outer who the resource says it is, where the record itself names nobody
 * @returns the pseudonym
 */
export function hidePerson(said: AttributeList, pseudonymOf: PseudonymOf, outer?: string): string | undefined {
  const name = said.text(PERSONS)
  const person = name === undefined ? outer : pseudonymOf(name)
  said.remove(PERSONS)
  if (name !== undefined || !said.has(ATTR_USER_ID)) said.set(ATTR_USER_ID, person)
  return person
}

/** Of a resource, whose other attributes may tell too. */
export function hidePersonOfResource(said: AttributeList, pseudonymOf: PseudonymOf): string | undefined {
  const name = said.text(PERSONS)
  said.remove([...PERSONS, ...OF_PROCESS])
  return name === undefined ? undefined : pseudonymOf(name)
}
