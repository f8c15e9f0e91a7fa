import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Wire {
  /** The address given, but over this wire. */
  readonly url: string;
  /** The other end is gone: connections break, and new ones are refused. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** A wire to a server, to be cut while it is in use. */
export async function layWire(to: string): Promise<Wire> {
  const { hostname, port } = new URL(to);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => {}); // the other side hears of it by the close
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const listen = async (on: number): Promise<number> => {
    await once(server.listen(on, "127.0.0.1"), "listening");
    return (server.address() as AddressInfo).port;
  };
  const url = new URL(to);
  url.hostname = "127.0.0.1";
  url.searchParams.delete("host"); // a socket would lead past the wire
  url.port = String(await listen(0));
  return {
    url: url.href,
    cut: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    mend: async () => void (await listen(Number(url.port))),
  };
}
