import ctypes


def union_of(size, base):
    number = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}[size]
    return type("U", (base,), {"_fields_": [("number", number), ("octet", ctypes.c_uint8 * size)]})


def host_byte_order(base=ctypes.Union):
    u = union_of(2, base)()
    u.number = 0xFF00
    return "big" if u.octet[0] == 0xFF else "little"


def memory_layout(value, size, base=ctypes.Union):
    u = union_of(size, base)()
    u.number = value
    return list(u.octet)


def swap16(x):
    return int(f"{x:04x}"[::-1], 16)


def swap32(x):
    digits = f"{x:08x}"
    return int(digits[6:8] + digits[4:6] + digits[2:4] + digits[0:2], 16)
