// Rendered from app.json.
import {
  Button,
  Divider,
  ErrorState,
  Flex,
  hubspot,
  Link,
  LoadingSpinner,
  Statistics,
  StatisticsItem,
  StatusTag,
  Text,
} from "@hubspot/ui-extensions";
import { useCallback, useEffect, useState } from "react";

const address = "https://stagewire.example/hubspot/settings";
const colours = { live: "success", waiting: "warning", problem: "danger", setup: "info", paused: "default" };
const words = { live: "Live", waiting: "Waiting", problem: "Needs you", setup: "Not set up", paused: "Paused" };

hubspot.extend(() => <SettingsPage />);

function SettingsPage() {
  const [told, setTold] = useState(undefined);
  const [failed, setFailed] = useState(false);
  const load = useCallback(async () => {
    setFailed(false);
    try {
      const answer = await hubspot.fetch(address, { method: "GET", timeout: 10_000 });
      if (!answer.ok) throw new Error(String(answer.status));
      setTold(await answer.json());
    } catch {
      setFailed(true);
    }
  }, []);
  useEffect(() => void load(), [load]);
  return (
    <Flex direction="column" gap="small">
      {failed ? <Failed again={load} /> : told ? <Standing {...told} /> : <LoadingSpinner label="Asking Stagewire" />}
      <Divider />
      <Link href={{ url: told?.consoleUrl ?? "https://stagewire.example/", external: true }}>Open Stagewire</Link>
      <Link href={{ url: "https://docs.stagewire.example/set-up", external: true }}>Setup guide</Link>
      <Link href={{ url: "https://stagewire.example/support", external: true }}>Support</Link>
    </Flex>
  );
}

function Standing({ status, sent, days, waiting, reconnectUrl }) {
  return (
    <Flex direction="column" gap="small">
      <StatusTag variant={colours[status.tone]}>{words[status.tone]}</StatusTag>
      <Text>{status.sentence}</Text>
      <Statistics>
        <StatisticsItem label={`Accepted by Meta in ${days} days`} number={sent} />
        <StatisticsItem label="Waiting" number={waiting} />
      </Statistics>
      {reconnectUrl && (
        <Button variant="primary" href={{ url: reconnectUrl, external: true }}>
          Reconnect HubSpot
        </Button>
      )}
    </Flex>
  );
}

function Failed({ again }) {
  return (
    <ErrorState title="Stagewire could not be asked">
      <Text>What is sent goes on being sent. Try again, or open Stagewire to see how it stands.</Text>
      <Button onClick={again}>Try again</Button>
    </ErrorState>
  );
}
