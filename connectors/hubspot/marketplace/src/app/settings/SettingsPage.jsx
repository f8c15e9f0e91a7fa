// Rendered from app.json.
import { Flex, hubspot, Link, Text } from "@hubspot/ui-extensions";

hubspot.extend(() => <SettingsPage />);

function SettingsPage() {
  return (
    <Flex direction="column" gap="small">
      <Text>What becomes of every stage change is shown in the console; so is how to disconnect.</Text>
      <Link href={{ url: "https://stagewire.example/", external: true }}>Open Stagewire</Link>
      <Link href={{ url: "https://docs.stagewire.example/set-up", external: true }}>Setup guide</Link>
      <Link href={{ url: "https://stagewire.example/support", external: true }}>Support</Link>
    </Flex>
  );
}
