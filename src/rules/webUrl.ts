const LONGEST = 2000

/**
 * Whether a text is a whole http or https URL that every program reads alike: visible ASCII without a backslash, with a host, and
 * with a port that there is. URL parsers mend much more, each in its own way (CWE-601).
 */
export const isWebUrl = (text: string): boolean =>
  text.length <= LONGEST &&
  /^https?:\/\/(?![/?#])[!-[\]-~]+$/i.test(text) &&
  URL.canParse(text) &&
  new URL(text).port !== '0'
