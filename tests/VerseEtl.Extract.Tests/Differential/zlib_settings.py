"""Packs standard input by zlib in every setting (level, strategy, window, memory) as gzip; writes each stream behind its length (little-endian uint32)."""
import struct
import sys
import zlib

content = sys.stdin.buffer.read()
for level in range(10):
    for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE, zlib.Z_FIXED):
        for window in range(9, 16):
            for memory in range(1, 10):
                packer = zlib.compressobj(level, zlib.DEFLATED, 16 + window, memory, strategy)
                packed = packer.compress(content) + packer.flush()
                sys.stdout.buffer.write(struct.pack("<I", len(packed)) + packed)
