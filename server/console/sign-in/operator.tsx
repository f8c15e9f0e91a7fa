import { useMutation } from "@tanstack/react-query";
import { ask } from "../api/call.ts";
import { DeedButton } from "../elements/deed-button.tsx";
import { Refusal } from "../elements/refusal.tsx";
import { Frame } from "../shell/frame.tsx";
import { texts } from "../texts/texts.ts";

const { operator: words } = texts.signIn;

/** The link that the server shows when it starts. It is used by a press of a button, since it serves only once. */
export function Operator({ secret }: { secret: string }) {
  const enter = useMutation({
    mutationFn: () => ask("/sign-in/operator", { body: { key: secret } }),
    onSuccess: () => location.replace("/"),
  });
  return (
    <Frame title={words.title} heading={words.title} lead={words.lead}>
      <div>
        <DeedButton variant="filled" busy={words.entering} doing={enter.isPending} onDo={() => enter.mutate()}>
          {words.enter}
        </DeedButton>
        {enter.error && <Refusal what={words.failed} error={enter.error} />}
      </div>
    </Frame>
  );
}
