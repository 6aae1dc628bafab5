namespace VerseEtl.Extract.Tests.Bytes;

/// <summary>Contents to pack, from a seed: noise, label-like runs, repeats of all distances and lengths, zeros, and mixtures of them.</summary>
internal static class Contents
{
    public static byte[] Any(Random random, int longest)
    {
        byte[] content = new byte[random.Next(1, longest + 1)];
        int at = 0;
        while (at < content.Length)
        {
            int left = content.Length - at;
            int length = Math.Min(left,
                random.Next(5) switch { 0 => random.Next(1, 16), 1 => random.Next(1, 400), 2 => random.Next(1, 5000), 3 => random.Next(1, 40_000), _ => left });
            Span<byte> stretch = content.AsSpan(at, length);
            switch (random.Next(8))
            {
                case 0:
                    random.NextBytes(stretch);
                    break;
                case 1:
                    stretch.Clear();
                    break;
                case 2:
                    stretch.Fill((byte)random.Next(256));
                    break;
                case 3:
                    int alphabet = random.Next(2, 20);
                    foreach (ref byte b in stretch) b = (byte)(random.Next(alphabet) * random.Next(1, 4));
                    break;
                case 4 when at > 0:
                    int distance = random.Next(1, Math.Min(at, 33_000) + 1);
                    for (int k = 0; k < length; k++) content[at + k] = content[at + k - distance];
                    break;
                case 5:
                    int period = random.Next(1, 40);
                    for (int k = 0; k < length; k++) stretch[k] = k < period ? (byte)random.Next(256) : stretch[k - period];
                    break;
                case 6:
                    for (int k = 0; k < length;)
                    {
                        int run = Math.Min(length - k, random.Next(1, 300));
                        stretch.Slice(k, run).Fill((byte)(random.Next(3) == 0 ? random.Next(1, 26) : 0));
                        k += run;
                    }
                    break;
                default:
                    // int16 of CT-like noise around a slowly moving value
                    double value = random.Next(-1000, 1000);
                    for (int k = 0; k + 1 < length; k += 2)
                    {
                        value += random.NextDouble() * 40 - 20;
                        System.Buffers.Binary.BinaryPrimitives.WriteInt16LittleEndian(stretch[k..], (short)value);
                    }
                    break;
            }
            at += length;
        }
        return content;
    }
}
