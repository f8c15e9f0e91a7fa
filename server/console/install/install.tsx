import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { addresses } from "../../api/addresses.ts";
import type { InstallView } from "../../api/installs.ts";
import { ask, Refused } from "../api/call.ts";
import { Awaited } from "../elements/awaited.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Link } from "../route/link.tsx";
import { Frame } from "../shell/frame.tsx";
import { texts } from "../texts/texts.ts";
import { Account } from "./account.tsx";
import { Confirm } from "./confirm.tsx";

const { install: words } = texts;

export function InstallPage() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  return <Install key={id} id={id} />;
}

/** An account that let us in from this browser: what it is, and whether it is to be connected. */
function Install({ id }: { id: string }) {
  const [refused, refuse] = useState(false);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["install", id],
    queryFn: ({ signal }) => ask<InstallView>(`/installs/${id}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (refused) return <End {...words.refused} />;
  if (error instanceof Refused && ["not_found", "not_signed_in"].includes(error.code)) return <End {...words.over} />;
  if (error)
    return (
      <Frame title={words.title} heading={words.title}>
        <Refusal what={words.loading} error={error} trying={isFetching} onAgain={() => void refetch()} />
      </Frame>
    );
  if (!data)
    return (
      <Frame title={words.title} heading={words.loading}>
        <Awaited label={words.loading} lines={6} />
      </Frame>
    );
  return (
    <Frame title={words.title} heading={words.heading(data.account.name)} key="loaded">
      <Account install={data} />
      <Confirm install={data} onRefused={() => refuse(true)} />
    </Frame>
  );
}

function End({ title, body }: { title: string; body: string }) {
  return (
    <Frame title={title} heading={title} lead={body} key="end">
      <p>
        <Link to={addresses.signIn}>{words.again}</Link>
      </p>
    </Frame>
  );
}
