/** A wrong request; the message names what is wrong in it and goes to the client as it is. */
export class RequestError extends Error {
  readonly status: number;
  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}
