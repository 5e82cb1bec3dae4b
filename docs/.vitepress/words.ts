/**
 * The words of a text, for the site's search. Japanese has no spaces, so it is split by the engine's dictionary. VitePress writes the source of this
 * function into the page: it may name nothing outside of itself.
 */
export function wordsOf(text: string): string[] {
  return text
    .split(/[\s\p{Z}\p{P}]+/u)
    .filter(part => part !== '')
    .flatMap(part =>
      /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(part)
        ? Array.from(new Intl.Segmenter('ja', { granularity: 'word' }).segment(part), ({ segment }) => segment)
        : [part],
    )
}
