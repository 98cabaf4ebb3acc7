/** A request that the CRM's own rules refuse. The message is for the caller. */
class CrmError extends Error {
  override readonly name = 'CrmError';
  /** The HTTP status that says so. */
  readonly statusCode: 400 | 404 | 409 | 503;
  /** The message is for the caller, whatever the status. */
  readonly expose = true;

  constructor(statusCode: 400 | 404 | 409 | 503, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

export const noContact = (id: string) => new CrmError(404, `there is no contact "${id}"`);

export const noDeal = (id: string) => new CrmError(404, `there is no deal "${id}"`);

export const noContactForDeal = (id: string) => new CrmError(400, `contactId: there is no contact "${id}"`);

export const contactHasDeals = (id: string, deals: number) =>
  new CrmError(
    409,
    `contact "${id}" still has ${deals === 1 ? '1 deal' : `${deals} deals`}: delete its deals or give them to another contact first`,
  );

export const tooManyEvents = () =>
  new CrmError(503, 'too many changes wait to be told to other plugins: try again later');
