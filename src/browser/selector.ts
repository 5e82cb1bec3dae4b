/**
 * Where an element stands, as a short CSS selector: tags, and ids or the first class where they look like names that people
 * gave. Never its text or its value.
 */

/** A name by people has no digits in a row and is short: `send-button`, not `:r1a:`, `user-482913` or `css-1x2y3z`. */
const NAME = /^[a-z][a-z_-]*\d?[a-z_-]*$/i

/** @param node of one that is no element, the element around it */
export function selectorOf(node: Node | null | undefined): string {
  const parts: string[] = []
  for (let at = node instanceof Element ? node : node?.parentElement; at && parts.length < 5; at = at.parentElement) {
    const { id, localName, classList } = at
    if (id && id.length < 40 && NAME.test(id)) {
      parts.unshift(`${localName}#${id}`)
      break
    }
    const name = [...classList].find(name => name.length < 30 && NAME.test(name))
    parts.unshift(name ? `${localName}.${name}` : localName)
  }
  return parts.join('>')
}
