// What an event without a body says, in a line: its attributes.

/** What every record of a page has, so that it tells none from the other. */
const OF_THE_PAGE = /^(session\.|browser\.document\.)/

/**
 * `rating=good value=8` of `browser.web_vital`: the event's own attributes first, without its name.
 * @param attributes as the server answers them
 */
export function toldBy(event: string, attributes: Readonly<Record<string, unknown>>): string {
  const own = `${event}.`
  return Object.entries(attributes)
    .filter(([key]) => !OF_THE_PAGE.test(key))
    .sort(([a], [b]) => Number(b.startsWith(own)) - Number(a.startsWith(own)))
    .map(([key, value]) => {
      const name = key.startsWith(own) ? key.slice(own.length) : key
      return `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`
    })
    .join(' ')
}
