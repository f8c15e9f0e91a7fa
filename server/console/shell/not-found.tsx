import { addresses } from "../../api/addresses.ts";
import { Link } from "../route/link.tsx";
import { texts } from "../texts/texts.ts";
import { Frame } from "./frame.tsx";

export function NotFound() {
  const { title, lead, back } = texts.shell.notFound;
  return (
    <Frame title={title} heading={title} lead={lead}>
      <p>
        <Link to={addresses.overview}>{back}</Link>
      </p>
    </Frame>
  );
}
