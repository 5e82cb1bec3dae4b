/** Text as HTML shows it, in elements and in attributes. */
export const html = (text: string): string => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
