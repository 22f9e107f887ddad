/** Everything the page uses, put together once. Tests put it together with other parts. */
import { createClient, type ClientOptions, type SeseragiClient } from "@seseragi/client";
import { Conversation } from "./conversation.js";
import { Http } from "./http.js";
import { Session } from "./session.js";

export interface Wiring {
  readonly http: Http;
  readonly session: Session;
  readonly client: SeseragiClient;
  readonly conversation: Conversation;
}

export function wire(baseUrl: string, fetchFn: typeof fetch, more: Pick<ClientOptions, "transport" | "retry"> = {}): Wiring {
  const http = new Http(baseUrl, fetchFn);
  const session = new Session((current) => http.guestToken(current));
  const client = createClient({ baseUrl, fetch: fetchFn, token: (request) => session.accessToken(request), ...more });
  return { http, session, client, conversation: new Conversation(client) };
}
