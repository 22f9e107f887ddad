/** Where a person wanted to go who was sent here to sign in (`/?sign-in&next=…`): the page of ours that gives a program its code, and nowhere else. */

/** Begins like this, so it has no other host and no other path: all that may differ is the query. */
const WANTED = "/auth/authorize?";

export function nextAfterSignIn({ href }: { readonly href: string }): string | undefined {
  const next = new URL(href).searchParams.get("next");
  return next?.startsWith(WANTED) ? next : undefined;
}

/** Whether the person was sent here to sign in. */
export function sentToSignIn({ href }: { readonly href: string }): boolean {
  return new URL(href).searchParams.has("sign-in");
}
