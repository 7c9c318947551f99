/** Bundled as text on Workers (wrangler.toml, `rules`). */
declare module '*.min.js' {
  const text: string
  // oxlint-disable-next-line import/no-default-export -- how the bundler gives a text module
  export default text
}
