import ctypes

UINT = {1: ctypes.c_uint8, 2: ctypes.c_uint16, 4: ctypes.c_uint32, 8: ctypes.c_uint64}


def host_byte_order(base=ctypes.Union):
    return "little"


def memory_layout(value, size, base=ctypes.Union):
    fields = [("number", UINT[size]), ("parts", ctypes.c_uint8 * size)]
    union = type("Layout", (base,), {"_fields_": fields})
    memory = union()
    memory.number = value
    return list(memory.parts)


def swap16(x):
    return (x >> 8) + (x & 255) * 256


def swap32(x):
    result = 0
    for _ in range(4):
        x, byte = divmod(x, 256)
        result = result * 256 + byte
    return result
