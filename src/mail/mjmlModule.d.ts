/** The part of MJML that is used; the package brings no types. */
declare module 'mjml' {
  const mjml2html: (mjml: object, options: object) => Promise<{ html: string }>
  export default mjml2html
}
