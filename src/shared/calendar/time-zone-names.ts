/** The name as the IANA database writes it, which is how Go wants it; undefined where it has none such. */
export function timeZoneNamed(name: string): string | undefined {
  // Node takes abbreviations and offsets too: Go does not, and in them no clock is ever changed
  if (name !== 'UTC' && !/^[A-Za-z]+\//.test(name)) return undefined
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    // an older name of the same zone is right too, and Go knows it
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name
  } catch {
    return undefined
  }
}
