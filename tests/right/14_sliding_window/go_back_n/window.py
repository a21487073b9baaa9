from segment import ACK, PSH, Segment

M = 2**32


def lt(a, b):
    return a != b and (b - a) % M < 2**31


def le(a, b):
    return a == b or lt(a, b)


class Sender:
    def __init__(self, source_port, destination_port, seq, ack, window, mss):
        self.sport, self.dport = source_port, destination_port
        self.iss = self.snd_una = self.snd_nxt = self.snd_max = seq
        self.ack = ack
        self.wnd = window
        self.mss = mss
        self.buf = b""
        self.base = seq  # number of buf[0]
        self.clock = 0
        self.rto = 1
        self.deadline = None

    def send(self, data):
        self.buf += data
        return self.output()

    def output(self):
        out = []
        limit = (self.snd_una + self.wnd) % M
        while lt(self.snd_nxt, limit):
            start = (self.snd_nxt - self.base) % M
            n = min(self.mss, (limit - self.snd_nxt) % M, len(self.buf) - start)
            if n <= 0:
                break
            out.append(self.make(start, n))
        pending = len(self.buf) > (self.snd_una - self.base) % M
        if pending and self.deadline is None:
            self.deadline = self.clock + self.rto
        if not pending:
            self.deadline = None
        return out

    def make(self, start, n):
        seq = (self.base + start) % M
        end = (seq + n) % M
        self.snd_nxt = end
        if lt(self.snd_max, end):
            self.snd_max = end
        return Segment(self.sport, self.dport, seq, self.ack, ACK | PSH, 1000, self.buf[start : start + n])

    def receive(self, seg):
        if not (le(self.snd_una, seg.ack) and le(seg.ack, self.snd_max)):
            return []
        if lt(self.snd_una, seg.ack) or (self.wnd == 0 and seg.window):
            self.rto, self.deadline = 1, None
        self.snd_una = seg.ack
        if lt(self.snd_nxt, self.snd_una) or (self.wnd == 0 and seg.window > 0):
            self.snd_nxt = self.snd_una
        self.wnd = seg.window
        done = (self.snd_una - self.base) % M
        if done > 20000:
            self.buf, self.base = self.buf[done:], self.snd_una
        return self.output()

    def tick(self, now):
        self.clock = now
        if self.deadline is None or now < self.deadline:
            return []
        self.rto = min(self.rto * 2, 60)
        self.deadline = now + self.rto
        self.snd_nxt = self.snd_una
        if self.wnd == 0:
            probe = self.make((self.snd_una - self.base) % M, 1)
            self.snd_nxt = self.snd_una
            return [probe]
        return self.output()


class Receiver:
    def __init__(self, source_port, destination_port, seq, ack, buffer):
        self.sport, self.dport, self.seq, self.size = source_port, destination_port, seq, buffer
        self.rcv_nxt = ack
        self.queue = b""
        self.pieces = []  # (number, bytes), not sorted
        self.last_window = buffer

    def receive(self, seg):
        data, start = seg.payload, seg.seq
        if not data:
            return []
        if lt(start, self.rcv_nxt):
            data = data[(self.rcv_nxt - start) % M :]
            start = self.rcv_nxt
        offset = (start - self.rcv_nxt) % M
        data = data[: max(0, self.size - len(self.queue) - offset)]
        if data:
            self.pieces.append((start, data))
        again = True
        while again:
            again = False
            for piece in self.pieces:
                first, content = piece
                if le(first, self.rcv_nxt):
                    content = content[(self.rcv_nxt - first) % M :]
                    self.queue += content
                    self.rcv_nxt = (self.rcv_nxt + len(content)) % M
                    self.pieces.remove(piece)
                    again = True
                    break
        return [self.reply()]

    def reply(self):
        self.last_window = self.size - len(self.queue)
        return Segment(self.sport, self.dport, self.seq, self.rcv_nxt, ACK, self.last_window)

    def read(self, size):
        data, self.queue = self.queue[:size], self.queue[size:]
        if data and self.last_window < self.size // 2:
            return data, [self.reply()]
        return data, []
