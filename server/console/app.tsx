import { useEffect } from "react";
import { Claim } from "./install/claim.tsx";
import { InstallFailed } from "./install/failed.tsx";
import { Install } from "./install/install.tsx";
import { Invitation } from "./members/invitation.tsx";
import { Members } from "./members/members.tsx";
import { rememberedInvitation } from "./members/remembered.ts";
import { ConnectMeta } from "./meta/connect-meta.tsx";
import { Page } from "./page.tsx";
import { go, usePath } from "./route/path.ts";
import { useSession } from "./session/session.ts";
import { Within } from "./session/within.tsx";
import { SignIn } from "./sign-in/sign-in.tsx";
import { en as texts } from "./texts/en.ts";

/** Which page an address shows. The server serves the console at these addresses and no others (server/routes/console.ts). */
export function App() {
  const path = usePath();
  const [, install] = /^\/install\/(ins_[a-z0-9]+)$/.exec(path) ?? [];
  if (install !== undefined) return <Install key={install} id={install} />;
  switch (path) {
    case "/sign-in":
      return <SignIn />;
    case "/install/failed":
      return <InstallFailed />;
    case "/claim":
      return <Claim />;
    case "/invitation":
      return <Invitation />;
    case "/connect-meta":
      return (
        <Within title={texts.meta.title} atLeast="admin">
          {() => <ConnectMeta />}
        </Within>
      );
    case "/members":
      return (
        <Within title={texts.members.title} atLeast="viewer">
          {(workspace) => <Members workspace={workspace} />}
        </Within>
      );
    default:
      return <Home />;
  }
}

/** The overview of the workspace that is open. Whoever came to sign in because of an invitation goes on to it. */
function Home() {
  const { data } = useSession();
  const invited = data?.signedIn === true && rememberedInvitation() !== undefined;
  useEffect(() => {
    if (invited) go("/invitation");
  }, [invited]);
  return (
    <Within title={texts.product} atLeast="viewer">
      {() => <Page />}
    </Within>
  );
}
