import asyncio
import sys


async def serve_client(reader, writer):
    try:
        while True:
            data = await reader.read(65536)
            if not data:
                break
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
        try:
            await writer.wait_closed()
        except ConnectionError:
            pass


async def main():
    if len(sys.argv) != 2:
        sys.exit("usage: echo_server.py PORT")
    server = await asyncio.start_server(serve_client, "", port)
    async with server:
        await server.serve_forever()


def usage():
    print("usage: echo_server.py PORT", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    try:
        (text,) = sys.argv[1:]
        port = int(text)
    except ValueError:
        usage()
    if not 1 <= port <= 65535:
        usage()
    try:
        asyncio.run(main())
    except OSError as error:
        import os

        print("bind error:", os.strerror(error.errno), file=sys.stderr)
        sys.exit(1)
