/** Asks the application for its access token, each time one is needed. Nothing is kept here. */

export interface TokenRequest {
  /** The server did not accept the last token: get a new one rather than the same again. */
  readonly refresh: boolean;
}

export type TokenSource = (request: TokenRequest) => string | Promise<string>;

export class Credentials {
  readonly #source: TokenSource | undefined;

  constructor(source: TokenSource | undefined) {
    this.#source = source;
  }

  async headers(refresh: boolean): Promise<Record<string, string>> {
    const accessToken = await this.#source?.({ refresh });
    return accessToken ? { Authorization: `Bearer ${accessToken}` } : {};
  }
}
