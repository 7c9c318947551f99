import { words, type Language } from '../templates/words/index.ts'

/**
 * The script that makes a website's own form answer in place. Without it the same form works by itself: it posts, and the
 * answer is a page. It finds `form[data-postilupa]` that posts to this form, loads nothing, and keeps nothing.
 * @param action the form's address
 * @param timeToken when this script was handed out, signed; a page that is served from a cache has no better one
 * @param kind `confirmed`: the form's sign-ups need no confirmation, so none is promised; `enquiry`: a contact or feedback form
 */
export function embedScript(action: string, timeToken: string, kind: 'asked' | 'confirmed' | 'enquiry'): string {
  const texts = Object.fromEntries(
    (Object.keys(words) as Language[]).map((lang) => {
      const { accepted, confirm, form, errors } = words[lang]
      const [title, text] = {
        asked: [accepted.title, accepted.open],
        confirmed: [confirm.doneTitle(1), form.leave],
        enquiry: [accepted.enquiryTitle, accepted.enquiry],
      }[kind]
      // Topics ticked on an enquiry form ask for a confirmation of their own.
      const also = kind === 'enquiry' ? accepted.alsoTopics : null
      return [lang, { title, text, also, problems: form.problems, away: errors[503].text }]
    }),
  )
  const values = { action, timeToken, texts }
  // `<` is escaped, so that the text stays inert wherever somebody pastes it.
  return `(${script})(${JSON.stringify(values).replaceAll('<', '\\u003c')});\n`
}

/**
 * Runs in the browser of a website's visitor; plain ES2017, so that nothing has to be built. What it asks of a form it asks
 * of the prototype: a field called `action`, `reset` or `elements` hides the form's own property of that name.
 */
const script = `function (it) {
  'use strict'
  var proto = HTMLFormElement.prototype
  var elementsOf = Object.getOwnPropertyDescriptor(proto, 'elements').get
  function of(form, method, a, b) { return proto[method].call(form, a, b) }
  function language(form) {
    var lang = (of(form, 'getAttribute', 'lang') || document.documentElement.lang || 'fi').slice(0, 2).toLowerCase()
    return it.texts[lang] ? lang : 'fi'
  }
  function say(form, title, lines, bad) {
    var box = of(form, 'querySelector', '[data-postilupa-status]')
    if (!box) {
      box = document.createElement('div')
      box.setAttribute('data-postilupa-status', '')
      of(form, 'prepend', box)
    }
    box.setAttribute('role', bad ? 'alert' : 'status')
    box.tabIndex = -1
    box.textContent = ''
    var head = document.createElement('p')
    head.appendChild(document.createElement('strong')).textContent = title
    box.appendChild(head)
    lines.forEach(function (line) {
      box.appendChild(document.createElement('p')).textContent = line
    })
    box.focus()
  }
  function mark(form, errors) {
    Array.prototype.forEach.call(elementsOf.call(form), function (field) {
      var wrong = errors.some(function (error) { return error.path === field.name && field.name })
      if (wrong) field.setAttribute('aria-invalid', 'true')
      else field.removeAttribute('aria-invalid')
    })
  }
  function take(form) {
    if (of(form, 'hasAttribute', 'data-postilupa-ready')) return
    of(form, 'setAttribute', 'data-postilupa-ready', '')
    of(form, 'addEventListener', 'submit', function (event) {
      event.preventDefault()
      if (of(form, 'hasAttribute', 'data-postilupa-busy')) return
      of(form, 'setAttribute', 'data-postilupa-busy', '')
      var lang = language(form)
      var text = it.texts[lang]
      var body = new URLSearchParams(new FormData(form))
      if (!body.has('lang')) body.set('lang', lang)
      if (!body.has('page')) body.set('page', location.origin + location.pathname)
      body.set('time_token', it.timeToken)
      fetch(it.action, { method: 'POST', body: body, headers: { Accept: 'application/json' }, credentials: 'omit' })
        .then(function (answer) {
          if (answer.ok) {
            of(form, 'reset')
            mark(form, [])
            say(form, text.title, text.also && body.has('topics') ? [text.text, text.also] : [text.text], false)
          } else if (answer.status === 422) {
            return answer.json().then(function (problem) {
              mark(form, problem.errors)
              say(form, text.problems, problem.errors.map(function (error) { return error.message }), true)
            })
          } else throw new Error(String(answer.status))
        })
        .catch(function () { say(form, text.away, [], true) })
        .then(function () { of(form, 'removeAttribute', 'data-postilupa-busy') })
    })
  }
  function start() {
    Array.prototype.forEach.call(document.querySelectorAll('form[data-postilupa]'), function (form) {
      var action = new URL(of(form, 'getAttribute', 'action') || '', document.baseURI).href
      if (action.split('?')[0] === it.action) take(form)
    })
  }
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start)
  else start()
}`
