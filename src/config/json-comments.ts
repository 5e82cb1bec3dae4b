/** Comments of JSON become spaces, so that every place stays. In YAML none of them begins a line or follows a space and opens a map. */
export const withoutComments = (text: string): string =>
  /^\uFEFF?\s*(?:\{|\/[/*])/.test(text)
    ? text.replace(/"(?:[^"\\\n]|\\.)*"|(?<![^\s,{}[\]"])(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)/g, found =>
        found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
      )
    : text
