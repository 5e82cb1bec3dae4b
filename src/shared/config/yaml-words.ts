/** What the parser of YAML finds wrong, in the words of whoever wrote the file: what stands there, and what to do. */

/** By the beginning of the parser's words. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^Map keys must be unique/, 'this key stands twice; remove one of them'],
  [/^Tabs are not allowed/, 'a tab stands here; YAML indents by spaces alone'],
  [/multiple documents/, 'a second document begins here; a file holds one, so remove the line ---'],
  [/^Missing closing ["']/, 'a quote is opened before here and never closed'],
  [/^Flow (?:map|sequence) .*end with a ./, 'a bracket is opened before here and never closed'],
  [
    /^Nested mappings are not allowed/,
    'a second ": " stands in this value; put a text that holds one in quotes, and indent a key as the keys above it',
  ],
  [
    /^Implicit (?:map )?keys (?:of flow sequence pairs )?need to be/,
    'a key without ": " behind it, or a text that goes on in the next line; write "key: value", each in its line',
  ],
  [/^The : indicator must be/, 'a key is longer than 1024 characters; is a quote or a line end missing before it?'],
  [/^All mapping items must start/, 'this key stands at another column than the keys next to it; indent them alike'],
  [/^All sequence items must start/, 'this - stands at another column than those above it; indent them alike'],
  [
    /^Sequence item without -/,
    'an item of a list begins with "- ", and what belongs to the item above is indented further',
  ],
  [
    /^A block sequence may not/,
    'a list stands where a key belongs; indent it as the items above it, or write "key:" in the line above',
  ],
  [/^Plain value cannot start with/, 'a text that begins with this character stands in quotes'],
  [
    /^Invalid escape sequence/,
    'in double quotes a backslash begins an escape; write it twice, or put the text in single quotes',
  ],
  [
    /^Unexpected (?:scalar|flow-.*|.*) at node end/,
    'something follows the end of a value; put all of the value in quotes',
  ],
  [/^Unexpected , in/, 'a comma too many; remove it'],
  [/^Unexpected empty item in/, 'an item of this list is empty; remove a comma'],
  [/^Missing , (?:or : )?between/, 'a comma is missing between two items'],
  [/^Missing space after :/, 'a space belongs behind the colon'],
  [/^Comments must be separated/, 'a space belongs before #; put a text that holds # in quotes'],
  [/^Block scalar header/, 'behind | or > nothing stands in the line; write the text into the lines below it'],
  [/^Not a YAML token/, 'this belongs nowhere here; behind | or > the text stands in the lines below'],
  [/^Unresolved tag/, 'a text that begins with ! stands in quotes'],
]

/** @param message the parser's */
export function wordsOfYaml(message: string): string {
  const [, meaning] = meanings.find(([words]) => words.test(message)) ?? []
  return meaning ?? message.split('\n', 1)[0]!.replace(/ at line \d+, column \d+:?$/, '')
}
