// Nobody reads the source text of a `fetch` that is not Node's, and code cannot be made of text on Workers.
export const sameText: typeof import('../../llm/observe/same-text').sameText = () => undefined
