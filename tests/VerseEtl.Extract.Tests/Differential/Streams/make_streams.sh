#!/usr/bin/env bash
# Makes the streams beside this script: three generated contents packed by the encoders of Debian 12 (no VerSe data).
#   apt-get install gzip pigz zopfli libdeflate-tools isal 7zip advancecomp && bash make_streams.sh
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$work" <<'PYTHON'
import struct, sys
state = 12345
def noise(bound):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return (state >> 8) % bound
# balls of labels 20 to 24 in a row, with a rough surface
shape, labels = (40, 32, 60), bytearray()
for k in range(shape[2]):
    for j in range(shape[1]):
        for i in range(shape[0]):
            ball, along = divmod(k, 12)
            r = (i - 20) ** 2 / 9 + (j - 16) ** 2 / 4 + (along - 6) ** 2
            labels.append(20 + ball if r < 20 + noise(8) else 0)
open(sys.argv[1] + "/labels", "wb").write(labels)
open(sys.argv[1] + "/labels-float64", "wb").write(b"".join(struct.pack("<d", v) for v in labels[:30000]))
open(sys.argv[1] + "/ct-int16", "wb").write(b"".join(struct.pack("<h", (300 if v else -60) + noise(50) + noise(50) - 50) for v in labels[20000:24000]))
PYTHON

cd "$work"
out=$OLDPWD
for content in labels labels-float64 ct-int16; do
  for level in 1 6 9; do gzip -n -$level -c $content >"$out/$content.gzip-$level.gz"; done
  pigz -n -p 2 -b 32 -6 -c $content >"$out/$content.pigz-6.gz"
  zopfli -c --i15 $content >"$out/$content.zopfli.gz"
  for level in 1 6 12; do libdeflate-gzip -n -c -$level $content >"$out/$content.libdeflate-$level.gz"; done
  for level in 0 1 3; do igzip -n -$level -c $content >"$out/$content.isal-$level.gz"; done
  for level in 1 9; do rm -f x.gz; 7zz a -tgzip -mx=$level x.gz $content >/dev/null; mv x.gz "$out/$content.7zip-$level.gz"; done
  gzip -n -c $content >x.gz
  advdef -z -3 -q x.gz
  mv x.gz "$out/$content.advdef-3.gz"
done
