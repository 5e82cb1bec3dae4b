/**
 * The documents of a text of YAML, each after as many empty lines as keep its places those of the file. What holds nothing but comments
 * and directives is none.
 */
export function documentsIn(text: string): string[] {
  const documents: string[][] = [[]]
  text.split('\n').forEach((line, number) => {
    if (MARK.test(line)) documents.push(Array<string>(number).fill(''))
    // what stands behind the mark belongs to the document
    documents.at(-1)!.push(line.replace(MARK, '   '))
  })
  return documents
    .filter(lines => !lines.every(line => /^\s*(?:#.*|%.*)?\r?$/.test(line)))
    .map(lines => lines.join('\n'))
}

const MARK = /^(?:---|\.\.\.)(?=\s|$)/
