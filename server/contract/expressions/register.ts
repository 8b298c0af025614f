/** Gives a function's signature its handler. */
export type Register = (signature: string, handler: (...given: never[]) => unknown) => unknown
