import { lifetime } from './html.ts'
import type { MailWords } from './words.ts'

/** What messages say in English. */
export const en: MailWords = {
  marking: {
    marketing: (company) => `Advertisement – ${company}`,
    research: (company) => `Customer survey – ${company}`,
  },
  testMark: 'Test',
  businessId: 'Business ID',
  privacy: 'Privacy notice',
  mailingList: (topic) =>
    `You are receiving this message because your contact details are on our mailing list “${topic}”.`,
  source: 'Where we got your contact details:',
  objection: {
    marketing: {
      heading: 'Your right to opt out of direct marketing',
      text: 'You can object to the use of your personal data for direct marketing at any time, free of charge and without giving a reason. We will stop at once.',
      link: 'Unsubscribe or opt out of all direct marketing',
    },
    research: {
      heading: 'Your right to decline surveys',
      text: 'Answering is voluntary. You can object to the use of your e-mail address for surveys and direct marketing at any time, free of charge and without giving a reason. We will stop at once.',
      link: 'Decline surveys or opt out of all direct marketing',
    },
  },
  survey: { answer: 'Answer the survey', reminder: 'Reminder' },
  confirmation: {
    subject: 'Confirm your subscription',
    heading: 'Confirm your subscription',
    text: ['A request was made for this e-mail address to receive:'],
    button: 'Confirm subscription',
    after: ['Nothing starts before you confirm. The button opens a page where you can do so.'],
    validity: (hours) => `The link is valid for ${lifetime(hours, 'hours', 'days')}.`,
    notYou:
      'Was this not you? You do not need to do anything: without confirmation we do not send what was requested, and your address is deleted. You can also cancel the request at once:',
    cancel: 'Cancel the request',
  },
  confirmationDespiteBan: {
    subject: 'Confirm your request',
    heading: 'Confirm your request',
    text: [
      'We have an earlier opt-out or cancelled subscription on record for this e-mail address, and it is in force. A request has now been made to receive:',
    ],
    button: 'Confirm subscription',
    after: [
      'If you confirm, the opt-out is lifted for this subscription only. Otherwise it stays in force. If you do not confirm, nothing changes.',
    ],
    validity: (hours) => `The link is valid for ${lifetime(hours, 'hours', 'days')}.`,
    notYou:
      'Was this not you? You do not need to do anything: the opt-out stays in force. You can also cancel the request at once:',
    cancel: 'Cancel the request',
  },
  welcome: {
    subject: 'Your subscription is confirmed',
    heading: 'Thank you, your subscription is confirmed',
    text: ['From now on we will send you:'],
    after: ['You can unsubscribe at any time through the link in every message.'],
    preferences: 'Communication preferences',
  },
  manageLink: {
    subject: 'Link to your communication preferences',
    heading: 'Your communication preferences',
    text: ['Use this link to see and change your subscriptions and your other data.'],
    button: 'Open communication preferences',
    after: [
      'Do not forward the link: it opens your data.',
      'Did you not ask for the link? You can ignore this message: nothing changes.',
    ],
    validity: (hours) => `The link is valid for ${lifetime(hours, 'hours', 'days')}.`,
  },
  banNotice: {
    subject: 'Your direct marketing opt-out is recorded',
    heading: 'Your direct marketing opt-out is recorded',
    text: [
      'We no longer send direct marketing or surveys to this address. The opt-out is valid until further notice, and you do not need to do anything else.',
    ],
    mistake: 'If this was a mistake, or if it was not you, you can undo it:',
    undo: 'Undo the opt-out',
  },
  signIn: {
    subject: 'Sign-in link',
    heading: 'Sign in',
    text: ['Use this link to sign in to the service.'],
    button: 'Sign in',
    after: ['Did you not try to sign in? Do not open the link; without it nobody gets in.'],
    validity: (minutes) => `The link works once and is valid for ${minutes} minutes.`,
  },
  registration: {
    registered: {
      subject: 'Registration confirmed',
      heading: 'Your registration is confirmed',
      text: ['Welcome! You are registered for:'],
      button: 'Change or cancel my registration',
    },
    waiting: {
      subject: 'You are on the waiting list',
      heading: 'You are on the waiting list',
      text: ['The event is full and you are on the waiting list. We will let you know if a place becomes free.'],
      button: 'Change or cancel my registration',
    },
    changed: {
      subject: 'The event details have changed',
      heading: 'The event details have changed',
      text: ['You are registered for an event whose details are now:'],
      button: 'Change or cancel my registration',
    },
    cancelled: {
      subject: 'Registration cancelled',
      heading: 'Your registration is cancelled',
      text: ['Your registration is cancelled for:'],
    },
    when: 'Time',
    where: 'Place',
  },
  enquiryReceipt: {
    subject: 'We have received your message',
    heading: 'Thank you for your message',
    text: ['We have received your message and will reply as soon as we can.'],
  },
  enquiry: {
    subject: (form) => `New enquiry: ${form}`,
    heading: 'New enquiry',
    button: 'Open the enquiry',
    name: 'Name',
    company: 'Company',
    title: 'Title',
    phone: 'Phone',
    email: 'E-mail',
    yes: 'Yes',
  },
  alert: { subject: (title) => `Alert: ${title}`, button: 'Open the service' },
  test: {
    subject: 'Test message',
    heading: 'E-mail works',
    text: ['This is a test message. If you can read it, the service is able to send e-mail.'],
  },
}
