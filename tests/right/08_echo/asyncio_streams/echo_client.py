import asyncio
import os
import sys


async def pump(source, writer):
    while data := await source.read(4096):
        writer.write(data)
        await writer.drain()
    writer.write_eof()


async def main(host, port):
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError as error:
        print("connect error:", os.strerror(error.errno) if error.errno else error, file=sys.stderr)
        return 1
    loop = asyncio.get_running_loop()
    source = asyncio.StreamReader()
    done = loop.create_future()

    def send():
        try:
            while data := os.read(0, 4096):
                asyncio.run_coroutine_threadsafe(write(data), loop).result()
            loop.call_soon_threadsafe(writer.write_eof)
        except OSError:
            pass
        except RuntimeError:
            pass

    async def write(data):
        writer.write(data)
        await writer.drain()

    import threading

    threading.Thread(target=send, daemon=True).start()
    try:
        while data := await reader.read(4096):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
    except ConnectionError:
        os._exit(1)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    try:
        host, port = sys.argv[1], int(sys.argv[2])
        if not 1 <= port <= 65535 or not host or len(sys.argv) != 3:
            raise ValueError
    except (IndexError, ValueError):
        print("usage: echo_client.py HOST PORT", file=sys.stderr)
        sys.exit(2)
    sys.exit(asyncio.run(main(host, port)))
