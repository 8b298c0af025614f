/** A start that cannot be: the message is what the person reads, one line per problem. */
export class PracticeProblem extends Error {}
