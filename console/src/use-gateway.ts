import { useEffect, useState } from "react";
import type { Model, SeseragiClient } from "@seseragi/client";
import type { GatewayInfo, Http } from "./http.js";

/** What the gateway says about itself; undefined until it does. */
export function useGatewayInfo(http: Http): GatewayInfo | undefined {
  const [info, setInfo] = useState<GatewayInfo>();
  useEffect(() => {
    let here = true;
    http.info().then(
      (answer) => here && setInfo(answer),
      () => undefined, // the page works without; asking a question will say what is wrong
    );
    return () => void (here = false);
  }, [http]);
  return info;
}

/** The models, asked for once somebody is signed in: without a token the gateway does not tell. */
export function useModels(client: SeseragiClient, signedInAs: string | undefined): readonly Model[] {
  const [models, setModels] = useState<readonly Model[]>([]);
  useEffect(() => {
    if (signedInAs === undefined) return;
    let here = true;
    client.listModels().then(
      (answer) => here && setModels(answer),
      () => undefined, // the default model can still be asked
    );
    return () => void (here = false);
  }, [client, signedInAs]);
  return models;
}
