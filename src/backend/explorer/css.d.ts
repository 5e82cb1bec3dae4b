// Styles are Vite's business; to TypeScript an import of them is nothing.
declare module '*.css'
