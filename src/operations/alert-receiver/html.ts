/** Escapes text for HTML elements and attributes. */
export const html = (text: string): string => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
