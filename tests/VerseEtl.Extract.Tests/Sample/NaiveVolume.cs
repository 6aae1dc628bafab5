using System.Buffers.Binary;
using System.IO.Compression;

namespace VerseEtl.Extract.Tests.Sample;

/// <summary>A NIfTI file read the plain way, whole and voxel by voxel: the yardstick for what the sample writer claims.</summary>
public sealed record NaiveVolume(int[] Shape, double[] Values)
{
    public static NaiveVolume Read(string path)
    {
        using MemoryStream unpacked = new();
        using (FileStream file = File.OpenRead(path))
        using (Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file)
            content.CopyTo(unpacked);
        byte[] b = unpacked.ToArray();
        bool big = BinaryPrimitives.ReadInt32LittleEndian(b) is not (348 or 540);
        bool second = (big ? BinaryPrimitives.ReadInt32BigEndian(b) : BinaryPrimitives.ReadInt32LittleEndian(b)) == 540;
        ulong Bits(int at, int size)
        {
            ulong bits = 0;
            for (int n = 0; n < size; n++) bits |= (ulong)b[at + (big ? size - 1 - n : n)] << 8 * n;
            return bits;
        }
        double Single(int at) => BitConverter.UInt32BitsToSingle((uint)Bits(at, 4));
        double Double(int at) => BitConverter.UInt64BitsToDouble(Bits(at, 8));

        int[] shape = new int[3];
        for (int axis = 0; axis < 3; axis++) shape[axis] = (int)(second ? Bits(24 + 8 * axis, 8) : Bits(42 + 2 * axis, 2));
        int datatype = (int)Bits(second ? 12 : 70, 2);
        int start = second ? (int)Bits(168, 8) : (int)Single(108);
        double slope = second ? Double(176) : Single(112), intercept = second ? Double(184) : Single(116);
        double[] values = new double[shape[0] * shape[1] * shape[2]];
        int size = datatype switch { 2 => 1, 4 or 512 => 2, 16 => 4, 64 => 8, _ => throw new InvalidDataException($"datatype {datatype}") };
        if (b.Length != start + (long)values.Length * size) throw new InvalidDataException($"{b.Length} bytes for {values.Length} voxels");
        for (int n = 0; n < values.Length; n++)
        {
            int at = start + n * size;
            double stored = datatype switch
            {
                2 => b[at],
                4 => (short)(big ? b[at] << 8 | b[at + 1] : b[at + 1] << 8 | b[at]),
                512 => Bits(at, 2),
                16 => Single(at),
                _ => Double(at),
            };
            values[n] = slope * stored + intercept;
        }
        return new(shape, values);
    }

    public static int Nearest(double x) => (int)Math.Floor(x + 0.5);

    public double At(int i, int j, int k) => Values[(k * Shape[1] + j) * Shape[0] + i];

    public Dictionary<int, long> LabelCounts()
    {
        Dictionary<int, long> counts = [];
        foreach (double value in Values)
            if (value != 0)
                counts[(int)value] = counts.GetValueOrDefault((int)value) + 1;
        return counts;
    }

    public bool TouchesBorder()
    {
        for (int n = 0; n < Values.Length; n++)
        {
            if (Values[n] == 0) continue;
            int i = n % Shape[0], j = n / Shape[0] % Shape[1], k = n / Shape[0] / Shape[1];
            if (i == 0 || j == 0 || k == 0 || i == Shape[0] - 1 || j == Shape[1] - 1 || k == Shape[2] - 1) return true;
        }
        return false;
    }
}
