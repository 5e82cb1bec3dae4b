/** A file that may be JSON or YAML is JSON where it begins with a map or a comment of JSON. */
export const isJson = (text: string): boolean => /^\uFEFF?\s*(?:\{|\/[/*])/.test(text)

/** Comments of JSON become spaces, so that every place stays. In YAML none of them begins a line or follows a space and opens a map. */
export const withoutComments = (text: string): string =>
  isJson(text)
    ? text.replace(/"(?:[^"\\\n]|\\.)*"|(?<![^\s,{}[\]"])(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/)/g, found =>
        found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
      )
    : text
