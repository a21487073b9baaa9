"""Byte order: the functions of the socket module, under the same names."""

import sys
import socket as library

HOST_ORDER = sys.byteorder


def htons(number):
    return library.htons(number) if HOST_ORDER == "little" else number


def htonl(number):
    return library.htonl(number) if HOST_ORDER == "little" else number


def ntohs(number):
    return library.ntohs(number) if HOST_ORDER == "little" else number


def ntohl(number):
    return library.ntohl(number) if HOST_ORDER == "little" else number
