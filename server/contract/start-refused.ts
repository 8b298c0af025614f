/** The process cannot start, for a reason an operator can mend: the message is written for people, one line per reason. */
export class StartRefused extends Error {}
